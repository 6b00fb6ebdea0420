/** Many questions of one moment as one statement: while one is under way, the next ones gather. */

/** What is longer under way keeps the next ones waiting no more: its connection may be dead. */
const LONGEST_MS = 500

const MOST = 512

interface Waiting<Question, Answer> {
  readonly question: Question
  readonly answer: (answer: Answer) => void
  readonly fail: (error: unknown) => void
}

/**
 * Where they fail together, each is asked alone, so that none fails for another's sake.
 *
 * @param askAll answers each, in the order in which they are asked
 */
export const makeGrouped = <Question, Answer>(
  askAll: (questions: ReadonlyArray<Question>) => Promise<ReadonlyArray<Answer>>
): ((question: Question) => Promise<Answer>) => {
  const waiting: Array<Waiting<Question, Answer>> = []
  let isUnderWay = false

  const ask = async (group: ReadonlyArray<Waiting<Question, Answer>>): Promise<void> => {
    try {
      const answers = await askAll(group.map(({ question }) => question))
      for (const [index, answer] of answers.entries()) group[index]?.answer(answer)
    } catch (error) {
      if (group.length === 1) group[0]?.fail(error)
      else await Promise.all(group.map((each) => ask([each])))
    }
  }

  const next = async (): Promise<void> => {
    if (isUnderWay || waiting.length === 0) return
    isUnderWay = true
    let timer
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LONGEST_MS)
    })
    await Promise.race([ask(waiting.splice(0, MOST)), tooLong])
    clearTimeout(timer)
    isUnderWay = false
    await next()
  }

  return (question) =>
    new Promise((answer, fail) => {
      waiting.push({ question, answer, fail })
      void next()
    })
}
