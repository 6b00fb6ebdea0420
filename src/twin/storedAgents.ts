/** The agents that a twin has stored: always the same to begin with, and changed field by field. */
import type { JsonObject } from "../domain/Json.ts"
import type { Answer } from "./reply.ts"
import type { RouteCall } from "./twin.ts"

/** An agent as it is stored. */
export interface TwinAgent extends JsonObject {
  /** Under which orders name it. */
  readonly id: string
}

/** The agents of a twin. */
export interface StoredAgents {
  readonly all: () => ReadonlyArray<TwinAgent>
  readonly get: (id: string) => TwinAgent | undefined
  /** Replaces fields as a whole, and leaves the others alone; the agent as it is then. */
  readonly change: (id: string, fields: JsonObject) => TwinAgent | undefined
  /** As they were made. */
  readonly clear: () => void
}

/** Agents of a twin, as they are made and whenever it is reset. */
export const makeStoredAgents = (made: ReadonlyArray<TwinAgent>): StoredAgents => {
  const agents = new Map<string, TwinAgent>()
  const clear = (): void => {
    for (const agent of made) agents.set(agent.id, agent)
  }
  clear()
  return {
    all: () => [...agents.values()],
    get: (id) => agents.get(id),
    change: (id, fields) => {
      const agent = agents.get(id)
      if (agent === undefined) return undefined
      const changed = { ...agent, ...fields, id }
      agents.set(id, changed)
      return changed
    },
    clear
  }
}

/** The endpoints of one agent: how it stands, and a change of the fields that the body has. */
export const agentAnswers = (
  agents: StoredAgents,
  bodyOf: (agent: TwinAgent) => unknown,
  refuse: (status: number, message: string, code: string) => Answer
) => {
  const answer = (agent: TwinAgent | undefined): Answer =>
    agent === undefined
      ? refuse(404, "there is no agent with this id", "not_found")
      : { status: 200, body: bodyOf(agent) }
  return {
    get: ({ id }: RouteCall): Answer => answer(agents.get(id)),
    change: (id: string, fields: JsonObject): Answer => answer(agents.change(id, fields))
  }
}
