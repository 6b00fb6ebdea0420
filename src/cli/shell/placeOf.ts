/** The real path of a file, through links, also of a file that does not exist yet. */
import { readlinkSync, realpathSync } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"

/** The limit of the operating system. */
const MOST_LINKS = 40

/** Resolves links in the folder but not in the last name. */
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

/** Follows a link to a missing file, too: writing creates the file and keeps the link. */
export const placeOf = (path: string): string => {
  let place = nameInFolder(path)
  for (let links = 0; links < MOST_LINKS; links++) {
    const target = linkTarget(place)
    if (target === undefined) return place
    place = nameInFolder(target)
  }
  return place
}
