/** The library's own path from payload to records, without its command line. */
import { providers } from "../../adapters/index.ts"
import { viewFact } from "../../src/domain/View.ts"
import { makePayloadReader } from "../../src/normalize/normalize.ts"
import type { Mapper } from "./shell.ts"

export const makeMapper = (): Mapper<unknown> => {
  let emit: (record: object) => void = () => {}
  const read = makePayloadReader(
    providers,
    {},
    {
      fact: (fact, adapter) => emit(viewFact(fact, adapter)),
      view: (record) => emit(record),
      hint: (hint) => emit(hint),
      rejection: (rejection) => emit(rejection)
    }
  )
  return (payload, onRecord) => {
    emit = onRecord
    read(payload, () => "bench")
  }
}
