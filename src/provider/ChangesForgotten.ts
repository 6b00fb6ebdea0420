import * as Schema from "effect/Schema"

/** The changes that were asked for are not in the feed, or not any more. */
export class ChangesForgotten extends Schema.TaggedError<ChangesForgotten>()("ChangesForgotten", {
  /** The position of the change that was asked for. */
  asked: Schema.Int,
  /** That of the oldest one that is kept; where it is earlier than the one asked for, that of the next one that will come. */
  next: Schema.Int
}) {
  readonly retryable = false
}

export const forgottenText = ({ asked, next }: ChangesForgotten): string =>
  asked < next
    ? `change ${asked} has been forgotten, the oldest that is kept is ${next}`
    : `change ${asked} was asked for, and the next one will be ${next}: the feed is another one, or an older copy of it`
