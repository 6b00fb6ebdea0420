/** The providers' messages on their way to the processes of a history: the network is as slow for them as for requests. */
import type { Draws, World } from "../../src/testing/simulation/index.ts"
import type { Delivery, TwinOrder } from "../../src/twin/index.ts"
import type { Site } from "./sites.ts"

interface Carrying {
  readonly world: World
  readonly draws: Draws
  readonly slowestMillis: number
  /** A message has arrived somewhere; `answered` is told its status. */
  readonly arrived: (message: Arrived, answered: (status: number) => void) => void
}

/** A message where it has come to. */
export interface Arrived {
  readonly site: Site
  readonly body: string
  /** The order that it is about, as far as it was the provider that sent it. */
  readonly order?: TwinOrder
}

const textOf = (body: Delivery["body"]): string => (typeof body === "string" ? body : new TextDecoder().decode(body))

export const makeCarrier = ({ world, draws, slowestMillis, arrived }: Carrying) => {
  const bring = (message: Arrived, answered: (status: number) => void = () => {}): void => {
    const drawn = draws.next()
    world.after(Math.floor(drawn * drawn * drawn * slowestMillis), () => arrived(message, answered))
  }

  /** Brings what a twin sends by itself, from now on. */
  const carry = (site: Site): void => {
    let next = Number.POSITIVE_INFINITY
    const look = (): void => {
      const at = site.twin.nextDeliveryAt()
      if (at === undefined || at >= next) return
      next = at
      world.after(at - world.now(), () => {
        if (next !== at) return
        next = Number.POSITIVE_INFINITY
        for (const delivery of site.twin.takeDeliveries(world.now())) {
          const order = site.twin.orders.find(({ id }) => id === delivery.orderId)
          bring({ site, body: textOf(delivery.body), ...(order === undefined ? {} : { order }) }, (status) =>
            delivery.answered({ status, text: "" })
          )
        }
        look()
      })
    }
    site.twin.onChange(look)
  }

  return { bring, carry }
}
