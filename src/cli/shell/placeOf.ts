/** Where a file is, or will be once it is written, whatever links lead there. */
import { readlinkSync, realpathSync } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"

/** The system follows no more links than that either. */
const MOST_LINKS = 40

/** The folder is followed, the last name is not: it may be a link. */
export const nameInFolder = (path: string): string => {
  const whole = resolve(path)
  try {
    return join(realpathSync(dirname(whole)), basename(whole))
  } catch {
    return whole
  }
}

const linkTarget = (place: string): string | undefined => {
  try {
    return resolve(dirname(place), readlinkSync(place))
  } catch {
    return undefined
  }
}

/** A link to a file that is not there yet is followed, too: writing makes the file and leaves the link. */
export const placeOf = (path: string): string => {
  let place = nameInFolder(path)
  for (let links = 0; links < MOST_LINKS; links++) {
    const target = linkTarget(place)
    if (target === undefined) return place
    place = nameInFolder(target)
  }
  return place
}
