/** What is told of calls while they are waited for: one line that is overwritten on a terminal, plain lines elsewhere. */
import type { CallOrder } from "../../domain/CallOrder.ts"
import { formatCallRef } from "../../provider/CallError.ts"
import { compareText } from "../../domain/textOrder.ts"
import { plural, tell } from "../shell/terminal.ts"

export interface Board {
  readonly update: (order: CallOrder) => void
  /** What is being done, on a terminal only. */
  readonly status: (text: string) => void
  /** A line of its own, above the progress. */
  readonly line: (text: string) => void
  readonly clear: () => void
}

/** Beyond this a line for each change would say too much. */
const MOST_SINGLE = 20

const stateOf = ({ status, attempts, terminal, reach }: CallOrder): string => {
  const tries = attempts.length > 1 ? `, attempt ${attempts.length}` : ""
  return terminal === true ? `${status}, ${reach.value}` : `${status}${tries}`
}

const refOf = ({ provider, id }: CallOrder): string => formatCallRef({ provider, id })

const summary = (orders: Iterable<CallOrder>, total: number): string => {
  const counts = new Map<string, number>()
  let over = 0
  for (const { status, terminal } of orders) {
    if (terminal === true) over += 1
    else counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  const going = [...counts].toSorted(([a], [b]) => compareText(a, b)).map(([status, count]) => `${count} ${status}`)
  return [`${over} of ${plural(total, "call")} over`, ...going].join(", ")
}

export const makeBoard = (
  total: number,
  write: (text: string) => void = tell,
  terminal: boolean = process.stderr.isTTY === true
): Board => {
  const orders = new Map<string, CallOrder>()
  const told = new Map<string, string>()
  let shown = false
  let tenths = 0

  const clear = (): void => {
    if (shown) write("\r\u001B[K")
    shown = false
  }

  const overwrite = (text: string): void => {
    write(`\r\u001B[K${text}`)
    shown = true
  }

  const tellChange = (order: CallOrder): void => {
    const ref = refOf(order)
    const state = stateOf(order)
    if (told.get(ref) === state) return
    told.set(ref, state)
    if (total <= MOST_SINGLE) return write(`${ref} ${state}\n`)
    const over = [...orders.values()].filter(({ terminal }) => terminal === true).length
    const reached = Math.floor((10 * over) / total)
    if (reached > tenths) write(`${summary(orders.values(), total)}\n`)
    tenths = reached
  }

  return {
    update: (order) => {
      orders.set(refOf(order), order)
      if (!terminal) return tellChange(order)
      overwrite(total === 1 ? `${refOf(order)} ${stateOf(order)}` : summary(orders.values(), total))
    },
    status: (text) => {
      if (terminal) overwrite(text)
    },
    line: (text) => {
      clear()
      write(text)
      if (terminal && orders.size > 0 && total > 1) overwrite(summary(orders.values(), total))
    },
    clear
  }
}
