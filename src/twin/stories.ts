/**
 * The stories by the last two digits of the number dialled, in the order of those digits: answered by a person (00–09),
 * by a machine (10–19), by nobody (20–29), failed (30–39), tried again (40–49), slow (50–59), never over (60–69), words
 * that nobody knows (70–79), not taken (80–89). Any other digits play the first one.
 */
import { plain, storiesReached } from "./storiesReached.ts"
import { storiesUnreached } from "./storiesUnreached.ts"
import { storiesUnusual } from "./storiesUnusual.ts"
import type { Story } from "./story.ts"

/** Every story once, in the order of its digits. */
export const stories: ReadonlyArray<Story> = [...storiesReached, ...storiesUnreached, ...storiesUnusual]

const byDigits = new Map(stories.map((story) => [story.digits, story]))

/** The story of a number: by its last two digits, the plain one where they name none. */
export const storyOf = (number: string): Story => byDigits.get(number.slice(-2)) ?? plain
