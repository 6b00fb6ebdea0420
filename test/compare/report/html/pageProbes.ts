/** Questions to a rendered page, asked inside the browser. */
import type { Page } from "playwright-core"

/** What reaches beyond the page's width, except within a box that scrolls by itself. */
export const overflowing = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const found = [...document.body.querySelectorAll("*")]
      .filter((element) => element.closest(".scroll, .unseen, defs, [hidden]") === null || element.matches(".scroll"))
      // what is cut by its own drawing is not seen outside of it
      .filter((element) => element.closest("svg[viewBox][preserveAspectRatio]") === null)
      .filter((element) => {
        const box = element.getBoundingClientRect()
        return box.width > 0 && box.height > 0 && (box.right > width + 0.5 || box.left < -0.5)
      })
      .map((element) => `${element.tagName} ${element.textContent.trim().slice(0, 40)}`)
    return document.documentElement.scrollWidth > width
      ? [`page is ${document.documentElement.scrollWidth} wide`, ...found]
      : found
  })

/** Text whose contrast with what is behind it is below AA: 4.5 to 1, or 3 to 1 if it is large. */
export const lowContrast = (page: Page): Promise<{ readonly texts: number; readonly low: ReadonlyArray<string> }> =>
  page.evaluate(() => {
    const canvas = document.createElement("canvas")
    canvas.width = canvas.height = 1
    const paint = canvas.getContext("2d", { willReadFrequently: true })
    const known = new Map<string, ReadonlyArray<number>>()
    const channelsOf = (colour: string): ReadonlyArray<number> => {
      const before = known.get(colour)
      if (before !== undefined || paint === null) return before ?? []
      paint.clearRect(0, 0, 1, 1)
      paint.fillStyle = colour
      paint.fillRect(0, 0, 1, 1)
      const channels = [...paint.getImageData(0, 0, 1, 1).data]
      known.set(colour, channels)
      return channels
    }
    const isOpaque = (element: Element) => channelsOf(getComputedStyle(element).backgroundColor)[3] === 255
    const groundOf = (element: Element | null): string => {
      if (element === null) return "white"
      return isOpaque(element) ? getComputedStyle(element).backgroundColor : groundOf(element.parentElement)
    }
    const light = (colour: string) => {
      const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((channel) => {
        const share = channel / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const contrast = (a: string, b: string) => {
      const [low = 0, high = 0] = [light(a), light(b)].toSorted((x, y) => x - y)
      return (high + 0.05) / (low + 0.05)
    }
    const withText = [...document.body.querySelectorAll("*")].filter(
      (element) =>
        !element.matches("script, style") &&
        [...element.childNodes].some(
          (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== ""
        ) &&
        element.checkVisibility()
    )
    const low = withText.flatMap((element) => {
      const style = getComputedStyle(element)
      const colour = element instanceof SVGElement ? style.fill : style.color
      const size = Number.parseFloat(style.fontSize)
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
      const ratio = contrast(colour, groundOf(element))
      return ratio < (isLarge ? 3 : 4.5)
        ? [`${ratio.toFixed(2)} ${element.tagName} ${element.textContent.trim().slice(0, 40)}`]
        : []
    })
    return { texts: withText.length, low }
  })

/** The lowest contrast of an arm's colour, and of the signs around it, with the page. Signs need 3 to 1. */
export const signColours = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(() => {
    const style = getComputedStyle(document.documentElement)
    const names = [
      "--ground",
      "--arm-0",
      "--arm-1",
      "--arm-2",
      "--arm-3",
      "--arm-4",
      "--arm-5",
      "--zero",
      "--strong-line",
      "--focus"
    ]
    return names.map((name) => style.getPropertyValue(name).trim())
  })

const channel = (hex: string): number => {
  const share = Number.parseInt(hex, 16) / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

const lightOf = (colour: string): number =>
  0.2126 * channel(colour.slice(1, 3)) + 0.7152 * channel(colour.slice(3, 5)) + 0.0722 * channel(colour.slice(5, 7))

/** Contrast of two colours `#rrggbb`, from 1 to 21. */
export const contrastOf = (a: string, b: string): number => {
  const [low = 0, high = 0] = [lightOf(a), lightOf(b)].toSorted((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

export interface Focus {
  /** Text of the focused mark's numbers; absent if no mark has the focus. */
  readonly mark?: string
  /** Place of the mark among all of them. */
  readonly index: number
  /** What is shown beside it. */
  readonly shown?: string
  readonly within: boolean
  readonly isEnd: boolean
}

export const focusOf = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    const element = document.activeElement
    const tip = document.getElementById("tip")
    const box = tip?.getBoundingClientRect()
    const text = element instanceof SVGElement ? element.dataset["tip"] : undefined
    return {
      ...(text === undefined ? {} : { mark: text }),
      ...(tip === null || tip.hidden ? {} : { shown: tip.textContent }),
      index: element === null ? -1 : [...document.querySelectorAll("[data-tip]")].indexOf(element),
      within:
        box !== undefined && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight,
      isEnd: element === document.body
    }
  })
