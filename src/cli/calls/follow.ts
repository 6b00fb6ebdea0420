/** Waiting for the end of calls, and what is shown of them meanwhile. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { VoiceCalls } from "../../calls/VoiceCalls.ts"
import type { CallOrder } from "../../domain/CallOrder.ts"
import { compareText } from "../../domain/textOrder.ts"
import { type CallError, type CallRef, formatCallRef } from "../../provider/CallError.ts"
import { CLEAR_LINE } from "../shell/progress.ts"
import { plural, tell } from "../shell/terminal.ts"
import type { WaitFlags } from "./callFlags.ts"

/** With more calls there are only summaries, not a line for each change. */
const MOST_SINGLE = 20

const stateOf = ({ status, attempts, terminal, reach }: CallOrder): string => {
  const tries = attempts.length > 1 ? `, attempt ${attempts.length}` : ""
  return terminal === true ? `${status}, ${reach.value}` : `${status}${tries}`
}

const summary = (orders: ReadonlyArray<CallOrder>, total: number): string => {
  const counts = new Map<string, number>()
  const going = orders.filter(({ terminal }) => terminal !== true)
  for (const { status } of going) counts.set(status, (counts.get(status) ?? 0) + 1)
  const states = [...counts].toSorted(([a], [b]) => compareText(a, b)).map(([status, number]) => `${number} ${status}`)
  return [`${orders.length - going.length} of ${plural(total, "call")} over`, ...states].join(", ")
}

/** One line that is overwritten on a terminal, plain lines elsewhere. */
export const makeBoard = (total: number) => {
  const isTerminal = process.stderr.isTTY === true
  const orders = new Map<string, CallOrder>()
  const shownStates = new Map<string, string>()
  let isShown = false
  let tenths = 0

  const clear = (): void => {
    if (isShown) tell(CLEAR_LINE)
    isShown = false
  }

  const overwrite = (text: string): void => {
    tell(`${CLEAR_LINE}${text}`)
    isShown = true
  }

  const showSummary = (): void => overwrite(summary([...orders.values()], total))

  const tellChange = (ref: string, state: string): void => {
    if (shownStates.get(ref) === state) return
    shownStates.set(ref, state)
    if (total <= MOST_SINGLE) return tell(`${ref} ${state}\n`)
    const known = [...orders.values()]
    const reached = Math.floor((10 * known.filter(({ terminal }) => terminal === true).length) / total)
    if (reached > tenths) tell(`${summary(known, total)}\n`)
    tenths = reached
  }

  return {
    update: (order: CallOrder): void => {
      const ref = formatCallRef(order)
      const state = stateOf(order)
      orders.set(ref, order)
      if (!isTerminal) tellChange(ref, state)
      else if (total === 1) overwrite(`${ref} ${state}`)
      else showSummary()
    },
    /** Shows the current step, on a terminal only. */
    status: (text: string): void => {
      if (isTerminal) overwrite(text)
    },
    /** Writes a line above the progress. */
    line: (text: string): void => {
      clear()
      tell(text)
      if (isTerminal && orders.size > 0 && total > 1) showSummary()
    },
    clear
  }
}

export type Board = ReturnType<typeof makeBoard>

/** The last known record, and the error if it is not final. */
interface Followed {
  readonly order: CallOrder | undefined
  readonly error: CallError | undefined
}

export const follow = (
  calls: VoiceCalls["Service"],
  call: CallRef,
  { until, deadline, parts }: WaitFlags,
  board: Board
): Effect.Effect<Followed> =>
  Effect.suspend(() => {
    let order: CallOrder | undefined
    const show = (seen: CallOrder): void => {
      order = seen
      board.update(seen)
    }
    return calls.watch(call, { until, deadline, parts }).pipe(
      Stream.runForEach((seen) => Effect.sync(() => show(seen))),
      Effect.match({
        onSuccess: () => ({ order, error: undefined }),
        onFailure: (error) => ({ order: error.last === undefined ? order : Redacted.value(error.last), error })
      })
    )
  })
