/** Plays a script: several processes over one journal, providers with faults, time that is not real. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Cause from "effect/Cause"
import * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Placed, type Reconciled, type Canceled } from "../../src/calls/Placed.ts"
import { type JournalError, type Placement, PlacementJournal } from "../../src/calls/PlacementJournal.ts"
import { makeVoiceCalls, type VoiceCalls } from "../../src/calls/VoiceCalls.ts"
import type { CallOrder } from "../../src/domain/CallOrder.ts"
import type { OrderId } from "../../src/domain/Identifiers.ts"
import type { PlaceCallInput } from "../../src/domain/PlaceCall.ts"
import type { CallError, CallRef } from "../../src/provider/CallError.ts"
import { makeRouter } from "../../src/routes/makeRouter.ts"
import { providers as registry } from "../../adapters/index.ts"
import { parseCallRef } from "../../src/provider/CallRef.ts"
import { type Intake, makeIntake } from "../../src/webhooks/intake.ts"
import type { WebhookTrust } from "../../src/webhooks/WebhookTrust.ts"
import { namedCalls } from "../../src/webhooks/namedCalls.ts"
import type { InboxEntry, UnreadableEntry, WebhookInbox } from "../../src/webhooks/WebhookInbox.ts"
import {
  type Death,
  type Machine,
  makeDraws,
  makeJournalOn,
  makeMachine,
  makeNetwork,
  makeWorld,
  type Running
} from "../../src/testing/simulation/index.ts"
import type { TwinOrder } from "../../src/twin/twin.ts"
import { digestOfMessage } from "./digest.ts"
import type { CallerAnswer, Event, EventBody, OrderKey } from "./events.ts"
import { recordedJournal } from "./recordedJournal.ts"
import { HONEST } from "./lists.ts"
import { FROM_NUMBER, idempotent, makeProvider, MESSAGE, sendMessages } from "./providers.ts"
import { AGENT, chosenBy, configurationOf, ROUTE } from "./routes.ts"
import { type Arrived, makeCarrier } from "./carriedMessages.ts"
import { recordedInbox } from "./recordedInbox.ts"
import { makeSites, type Site } from "./sites.ts"
import {
  type InboxMoment,
  type Place,
  type ProcessSetup,
  type ProviderName,
  type Reference,
  REFERENCES,
  type RouteSetup,
  type Script,
  type Setup,
  type Step
} from "./script.ts"

type Calls = VoiceCalls["Service"]
type Journal = PlacementJournal["Service"]
type Inbox = WebhookInbox["Service"]

/** What is left of a history. */
export interface History {
  readonly script: Script
  readonly events: ReadonlyArray<Event>
  /** In the order in which they were taken. */
  readonly orders: ReadonlyArray<TwinOrder & { readonly provider: ProviderName; readonly key: OrderKey }>
  /** How each process died, by the places of its lives. */
  readonly deaths: ReadonlyArray<{ readonly kind: string; readonly moment: string }>
  /** What the journal answered otherwise than its laws want. */
  readonly journalFaults: ReadonlyArray<string>
  /** What is left of calls that messages have named. */
  readonly inbox: ReadonlyArray<{ readonly tenant: string; readonly call: string; readonly state: string }>
}

/** When every history begins. */
export const START = Date.parse("2026-03-02T15:00:00.000Z")
const MINUTE = 60_000

/**
 * When it is looked after what is open, in minutes since the faults stopped: each minute, as `settle.every` would, where
 * something may become due, which is five and seven minutes after the end of a request, or sixteen and eighteen. The last time
 * every machine that slept has woken.
 */
const LOOKS = [0, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18, 31, 32, 33, 34, 35, 36, 37, 60, 120]

/** Between looks at the inbox: seldom, since each costs time and a message brings one about by itself. */
const LOOK_EVERY = "5 minutes"

/** What is asked for, of an order. */
type Wanted = Pick<
  Place,
  "process" | "provider" | "reference" | "notAfterSeconds" | "scheduledInSeconds" | "differs" | "isRouted"
>

interface Process {
  readonly setup: ProcessSetup
  readonly index: number
  life: number
  /** Callers that have not been answered. */
  waiting: number
  /** Whether its death has been told. */
  isNoted: boolean
  machine: Machine
  calls: Calls | undefined
  intake: Intake | undefined
  /** Of its next life. */
  route: RouteSetup | undefined
  /** Whether it has a route now. */
  isConfigured: boolean
  /** Where an order would go of whose reference nothing is known. */
  chooses: ((order: PlaceCallInput) => ProviderName | undefined) | undefined
  /** When it is to die, with a message. */
  lastMoment: InboxMoment | undefined
  journalFails: number
  journalDone: boolean
  readonly cuts: Map<ProviderName, number>
}

/** The keys that digits of a number stand for: several orders may be to one number. */
const keysOf = ({ stories }: Setup): ReadonlyMap<string | undefined, ReadonlyArray<OrderKey>> =>
  Map.groupBy(
    (["", "acme"] as const).flatMap((tenant) => REFERENCES.map((reference) => ({ tenant, reference }))),
    ({ tenant, reference }) => stories[tenant][reference]
  )

const refOf = ({ provider, id }: CallRef): string => `${provider}:${id}`

const ofLooked = (looked: Placed | Reconciled): CallerAnswer => {
  if (looked.state === "free" || looked.state === "expired") return { is: looked.state }
  const calls = [...(looked.state === "accepted" ? [looked.call] : []), ...(looked.also ?? [])].map(refOf)
  return {
    is: looked.state,
    ...(calls.length === 0 ? {} : { calls }),
    ...("because" in looked ? { because: looked.because } : {}),
    ...("already" in looked ? { already: looked.already } : {})
  }
}

const ofOrder = ({ status, provider, id }: CallOrder): CallerAnswer => ({
  is: status,
  calls: [refOf({ provider, id })]
})

const failureOf = (cause: Cause.Cause<CallError | JournalError>): CallerAnswer => {
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  if (error === undefined) return { is: Cause.hasInterrupts(cause) ? "interrupted" : `defect: ${Cause.pretty(cause)}` }
  return { is: error._tag === "CallError" ? error.reason._tag : error._tag }
}

/** The journal of a history. */
interface Storage {
  /** For one process: each has a connection of its own, which stays open until the end. */
  readonly open: Effect.Effect<Journal, JournalError, Scope.Scope>
  /** The same of an inbox beside it. */
  readonly openInbox: Effect.Effect<Inbox, JournalError, Scope.Scope>
  /** Whether its calls are done on the disk's machine, one after the other. @default false: they are done at once */
  readonly takesTime?: true
  /** The power fails, and comes back: what was not synced is lost. Absent: it never does. */
  readonly losePower?: () => void
}

const trusting = (webhooks: Setup["webhooks"]): WebhookTrust => ({ trust: webhooks?.trust ?? "refetch" })

/** The calls that a message names; none where it is not to be read. */
const callsIn = (provider: ProviderName, body: string): ReadonlySet<OrderId> | undefined => {
  try {
    return namedCalls(registry, provider, JSON.parse(body))?.calls
  } catch {
    return undefined
  }
}

/** Plays a script to its end. */
export const playHistory = (script: Script, storage: Storage): History => {
  const { seed, setup, steps } = script
  const world = makeWorld(makeDraws("world", seed), START)
  const events: Array<Event> = []
  const record = (event: EventBody): void => void events.push({ ...event, at: world.now() - START })
  const keys = keysOf(setup)
  const keyOf = (digits: string, isTold: (reference: string) => boolean): OrderKey => {
    const [first = { tenant: "nobody", reference: "a" } as const, ...others] = keys.get(digits) ?? []
    return isTold(first.reference) ? first : (others.find(({ reference }) => isTold(reference)) ?? first)
  }
  const sites = makeSites(seed, setup, keyOf, record)
  // What writes the file outlives the processes: they may die, it is closed at the end.
  const disk = makeMachine(world)
  const opened = Scope.makeUnsafe()
  const recorded = recordedJournal(storage.takesTime === true ? disk : undefined, setup.journalTurns === true)
  const open = <A>(store: Effect.Effect<A, JournalError, Scope.Scope>): A => {
    let made: { readonly is: A } | undefined
    disk.run(Effect.provideService(store, Scope.Scope, opened), (exit) => {
      if (Exit.isFailure(exit)) throw new Error(`the journal could not be opened: ${Cause.pretty(exit.cause)}`)
      made = { is: exit.value }
    })
    world.settle()
    if (made === undefined) throw new Error("the journal takes time to be opened")
    return made.is
  }
  const deaths: Array<History["deaths"][number]> = []
  const asking = new Map<number, Running>()
  const isRouted = setup.processes.some(({ route }) => route !== undefined)
  /** Whether the honest lists have been looked at. */
  let isRecovered = false

  /** Messages are sent of the agents that a twin has stored. */
  const agentOf = (name: ProviderName, number: 1 | 2): string =>
    (setup.webhooks === undefined ? undefined : sites.find(name)?.twin.agents[number - 1]?.id) ?? `agent-${number}`

  const start = (process: Process): void => {
    const { setup: own, index, life } = process
    const machine = makeMachine(world, {
      yieldsPerThousand: own.yieldsPerThousand,
      aheadMillis: own.aheadMillis,
      onLog: (message) => {
        if (message.startsWith("absent_was_wrong")) record({ event: "wrong", process: index, life })
      }
    })
    process.machine = machine
    process.calls = undefined
    process.intake = undefined
    process.chooses = undefined
    const { route } = process
    process.isConfigured = route !== undefined
    const client = makeNetwork(machine, sites.all, {
      slowestMillis: setup.slowestMillis,
      onSent: (sent) => sites.onSent(sent, { process: index, life }, world.now() - START),
      respond: sites.respond,
      isCut: (_machine, { twin }) => {
        const site = sites.all.find((each) => each.twin === twin)
        return site !== undefined && (process.cuts.get(site.name) ?? 0) > world.now()
      }
    })
    const own_journal = makeJournalOn(
      machine,
      recorded.of(machine, open(storage.open), (operation, answer) =>
        record({ event: "journal", operation, answer, process: index, life })
      ),
      {
        fault: () => {
          if (process.journalFails === 0) return undefined
          process.journalFails -= 1
          return { isDone: process.journalDone }
        }
      }
    )
    const opened = Effect.gen(function* () {
      const made = yield* Effect.all(setup.providers.map((name) => makeProvider(name, own)))
      const providers = setup.idempotent ? made.map(idempotent) : made
      const confirmed = { absent: "listed", confirmedAt: new Date(START - 24 * 60 * MINUTE) } as const
      const configured =
        route === undefined ? undefined : makeRouter(configurationOf(setup.providers, route, agentOf, FROM_NUMBER))
      const listed = own.listed ? setup.providers.filter((name) => name !== "revox") : []
      const calls = yield* makeVoiceCalls(providers, {
        ...(own.tenant === "" ? {} : { tenant: own.tenant }),
        settle: {
          policies: Object.fromEntries(listed.map((name) => [name, confirmed])),
          ...(own.everySeconds === undefined ? {} : { every: own.everySeconds * 1000 })
        },
        router: configured
      })
      process.chooses = isRouted ? chosenBy(configured, providers) : undefined
      if (setup.webhooks === undefined) return { calls, intake: undefined }
      const inbox = recordedInbox(open(storage.openInbox), {
        machine,
        life: { process: index, life },
        disk: storage.takesTime === true ? disk : undefined,
        record,
        isLast: (moment) => moment === process.lastMoment
      })
      const trust = Object.fromEntries(setup.providers.map((name) => [name, trusting(setup.webhooks)]))
      return { calls, intake: yield* makeIntake({ calls, inbox, tenant: own.tenant, trust, lookEvery: LOOK_EVERY }) }
    }).pipe(
      Effect.provideService(PlacementJournal, own_journal),
      Effect.provideService(HttpClient.HttpClient, client),
      Effect.provideService(Scope.Scope, Scope.makeUnsafe())
    )
    machine.run(opened, (exit) => {
      if (Exit.isFailure(exit)) throw new Error(`a process could not be opened: ${Cause.pretty(exit.cause)}`)
      process.calls = exit.value.calls
      process.intake = exit.value.intake
    })
    world.settle()
  }

  const noteDeath = (process: Process): void => {
    const { machine, index, life, isNoted } = process
    if (machine.isAlive() || isNoted) return
    process.isNoted = true
    const died = machine.died()
    const where = died === undefined ? "between operations" : `${died.moment} ${died.kind}`
    record({ event: "died", where, process: index, life })
    deaths.push({ kind: died?.kind ?? "none", moment: died?.moment ?? "between" })
  }

  const restart = (process: Process): void => {
    process.machine.kill()
    noteDeath(process)
    process.life += 1
    process.isNoted = false
    process.lastMoment = undefined
    process.waiting = 0
    start(process)
  }

  const processes = setup.processes.map((own, index): Process => {
    const process: Process = {
      setup: own,
      index,
      life: 0,
      waiting: 0,
      isNoted: false,
      machine: makeMachine(world),
      calls: undefined,
      intake: undefined,
      route: own.route,
      isConfigured: false,
      chooses: undefined,
      lastMoment: undefined,
      journalFails: 0,
      journalDone: false,
      cuts: new Map()
    }
    start(process)
    return process
  })

  /** A balancer knows whose order a message is about, as a path of each tenant's own tells it, and takes any of its processes. */
  const receiverOf = (arrived: Arrived): Process | undefined => {
    const tenant = arrived.order === undefined ? undefined : tenantOf(arrived.order.to)
    const able = processes.filter(({ setup: own }) => tenant === undefined || own.tenant === tenant)
    return able[carrying.below(able.length)]
  }

  const tenantOf = (to: string): string => keyOf(to.slice(-2), () => true).tenant

  /** As far as a message is read and believed is no matter of this: it is written down and acknowledged. */
  const receive = (process: Process, { site, body }: Arrived, answered: (status: number) => void): void => {
    const { machine, intake, index, life, setup: own } = process
    const provider = process.calls?.providers.find((id) => id === site.name)
    if (!machine.isAlive() || intake === undefined || provider === undefined) return
    const calls = callsIn(site.name, body)
    if (calls === undefined || calls.size === 0) return answered(calls === undefined ? 400 : 200)
    const taking = intake.take({ provider, calls, message: digestOfMessage(body), trust: trusting(setup.webhooks) })
    machine.run(taking, (exit) => {
      if (Exit.isFailure(exit) || exit.value !== "taken") return answered(503)
      const named = [...calls].map((id) => refOf({ provider, id }))
      record({ event: "acknowledged", tenant: own.tenant, calls: named, process: index, life })
      answered(200)
    })
  }

  const carrying = makeDraws("messages", seed)
  const carrier = makeCarrier({
    world,
    draws: carrying,
    slowestMillis: setup.slowestMillis,
    arrived: (message, answered) => {
      const process = receiverOf(message)
      if (process !== undefined) receive(process, message, answered)
    }
  })
  if (setup.webhooks !== undefined)
    for (const site of sites.all) {
      sendMessages(site.name, site.twin, START)
      site.twin.setFaults(setup.webhooks.faults)
      carrier.carry(site)
    }

  const ask = <A>(
    process: Process,
    step: number,
    kind: Step["do"],
    reference: Reference | undefined,
    effect: Effect.Effect<A, CallError | JournalError>,
    answerOf: (value: A) => CallerAnswer,
    chooses?: ProviderName
  ): void => {
    const { machine, index, life, setup: own } = process
    if (!machine.isAlive()) return
    const of = { process: index, life }
    record({
      event: "asked",
      step,
      kind,
      ...of,
      ...(reference === undefined ? {} : { key: { tenant: own.tenant, reference } }),
      ...(chooses === undefined ? {} : { chooses })
    })
    process.waiting += 1
    const running = machine.run(effect, (exit) => {
      process.waiting -= 1
      const answer = Exit.isSuccess(exit) ? answerOf(exit.value) : failureOf(exit.cause)
      record({ event: "answered", step, answer, ...of })
    })
    asking.set(step, running)
  }

  const knownCall = ({ setup: { tenant } }: Process, reference: Reference): CallRef | undefined => {
    const placement = recorded.rows().findLast((row) => row.tenant === tenant && row.reference === reference)
    return placement?.orderId === undefined ? undefined : { provider: placement.provider, id: placement.orderId }
  }

  const takenCall = ({ setup: { tenant } }: Process, reference: Reference): CallRef | undefined => {
    const digits = setup.stories[tenant === "acme" ? "acme" : ""][reference]
    for (const { name, twin } of sites.all) {
      const order = twin.orders.find(({ to }) => to.endsWith(digits))
      if (order !== undefined) return parseCallRef(`${name}:${order.id}`)
    }
    return undefined
  }

  const orderNamed = (
    { twin }: Site,
    names: Extract<Step, { readonly do: "message" }>["names"]
  ): string | undefined => {
    if (names === "nothing that exists") return carrying.uuid()
    const digits = setup.stories[names.tenant][names.reference]
    return twin.orders.find(({ to }) => to.endsWith(digits))?.id
  }

  const orderOf = ({ setup: { tenant } }: Process, step: Wanted): PlaceCallInput => {
    const digits = setup.stories[tenant][step.reference]
    const { notAfterSeconds, scheduledInSeconds, differs } = step
    const number = differs === "agent" ? 2 : 1
    // What it runs with now, which its next life may not.
    const isByRoute = step.isRouted === true && processes[step.process]?.isConfigured === true
    const ahead = processes[step.process]?.setup.aheadMillis ?? 0
    const inSeconds = (seconds: number): Date => new Date(world.now() + ahead + seconds * 1000)
    return {
      to: `+1${differs === "number" ? "303" : "202"}55501${digits}`,
      ...(isByRoute
        ? { route: ROUTE, agent: { name: AGENT[number] } }
        : { provider: step.provider, from: FROM_NUMBER, agent: { id: agentOf(step.provider, number) } }),
      reference: step.reference,
      ...(notAfterSeconds === undefined ? {} : { notAfter: inSeconds(notAfterSeconds) }),
      ...(scheduledInSeconds === undefined ? {} : { scheduledAt: inSeconds(scheduledInSeconds) })
    }
  }

  /** Beside what befalls messages. */
  const setFaults = (name: ProviderName, faults: string): void => {
    const all = [faults, setup.webhooks?.faults ?? ""].filter((text) => text !== "")
    sites.find(name)?.twin.setFaults(all.join(", "))
  }

  const play = (step: Step, place: number): void => {
    if (step.do === "interrupt") {
      return asking.get(step.step)?.interrupt()
    }
    if (step.do === "faults") return setFaults(step.provider, step.faults)
    if (step.do === "lists") {
      const site = sites.find(step.provider)
      if (site !== undefined) site.truth = step
      return
    }
    if (step.do === "message") {
      const site = sites.find(step.provider)
      const id = site === undefined ? undefined : orderNamed(site, step.names)
      return site === undefined || id === undefined
        ? undefined
        : carrier.bring({ site, body: JSON.stringify(MESSAGE[site.name](id)) })
    }
    const process = processes[step.process]
    if (process === undefined) return
    const { machine, calls } = process
    switch (step.do) {
      case "kill":
        return machine.dieAt(deathOf(step))
      case "restart":
        return restart(process)
      case "configure":
        process.route = step.route
        return
      case "setClock":
        return machine.setClock(step.millis)
      case "sleep":
        return machine.sleep(step.seconds * 1000, step.isCounted)
      case "journal":
        process.journalFails = step.fails
        process.journalDone = step.isDone
        return
      case "killAtMessage":
        process.lastMoment = step.moment
        return
      case "cut":
        process.cuts.set(step.provider, world.now() + step.seconds * 1000)
        return
    }
    if (calls === undefined) return
    switch (step.do) {
      case "place": {
        const order = orderOf(process, step)
        return ask(
          process,
          place,
          "place",
          step.reference,
          calls.place(order, {
            ...(step.repeat === true ? { onUncertain: "repeat" } : {}),
            ...(step.failsOnDifference === true ? { onDifference: "fail" } : {})
          }),
          ofLooked,
          process.chooses?.(order)
        )
      }
      case "dryRun":
        return ask(process, place, step.do, step.reference, calls.dryRun(orderOf(process, step)), () => ({
          is: "done"
        }))
      case "reconcile":
        return ask(process, place, "reconcile", step.reference, calls.reconcile(step.reference), ofLooked)
      case "name": {
        const call = takenCall(process, step.reference)
        if (call === undefined) return
        return ask(process, place, "name", step.reference, calls.reconcile(step.reference, { call }), ofLooked)
      }
      case "release":
        return ask(process, place, "release", step.reference, calls.release(step.reference), (is) => ({
          is: String(is)
        }))
      case "reconcileStale":
        return ask(process, place, step.do, undefined, calls.reconcileStale({ olderThan: 0 }), () => ({ is: "done" }))
      case "settle":
        return ask(process, place, step.do, undefined, calls.settle, () => ({ is: "done" }))
      case "list":
        return ask(
          process,
          place,
          step.do,
          undefined,
          Stream.runCount(calls.list({ provider: step.provider })),
          () => ({ is: "done" })
        )
      case "check":
        return ask(process, place, step.do, undefined, calls.check(step.provider), () => ({ is: "done" }))
      case "get":
      case "cancel":
      case "watch":
      case "awaitEnd": {
        const call = knownCall(process, step.reference)
        if (call === undefined) return
        if (step.do === "get") return ask(process, place, step.do, step.reference, calls.get(call), ofOrder)
        if (step.do === "cancel")
          return ask(process, place, step.do, step.reference, calls.cancel(call), (canceled: Canceled) => ({
            ...ofOrder(canceled.order),
            is: canceled.outcome
          }))
        const wait = { deadline: "10 minutes" } as const
        if (step.do === "watch")
          return ask(process, place, step.do, step.reference, Stream.runLast(calls.watch(call, wait)), (last) => ({
            is: Option.match(last, { onNone: () => "nothing", onSome: ({ status }) => status })
          }))
        return ask(process, place, step.do, step.reference, calls.awaitEnd(call, wait), ofOrder)
      }
    }
  }

  /** Whether the list of a provider has turned out to be wrong. */
  const isStopped = (provider: string): boolean =>
    recorded.rows().some((row) => row.provider === provider && row.wrongAt !== undefined)

  /** Whether nothing more is to come of a placement by itself. */
  const isDecided = ({ tenant, provider, state, evidence, clockOffset }: Placement): boolean => {
    if (state === "accepted" || state === "ended") return true
    const settler = processes.find(({ setup: own }) => own.tenant === tenant)
    const isListed =
      settler?.setup.listed === true && provider !== "revox" && clockOffset !== undefined && !isStopped(provider)
    return state === "absent" ? isRecovered : state === "uncertain" && evidence !== undefined && !isListed
  }

  /** Whether nothing is open any more, and nobody waits. */
  const isOver = (): boolean =>
    processes.every(({ waiting }) => waiting === 0) && recorded.rows().every(isDecided) && !isAnythingNamed()

  let looker: Inbox | undefined

  /** What the inbox holds, of both tenants. */
  const inboxRows = (): ReadonlyArray<InboxEntry | UnreadableEntry> => {
    if (setup.webhooks === undefined) return []
    looker ??= open(storage.openInbox)
    const inbox = looker
    return open(
      Effect.map(
        Effect.forEach(["", "acme"], (tenant) => inbox.list({ tenant, limit: 1000 })),
        (rows) => rows.flat()
      )
    )
  }

  const isAnythingNamed = (): boolean => inboxRows().some(({ state }) => state === "waiting" || state === "claimed")

  steps.forEach((step, place) => {
    // Without time between them two things begin together: whose turn comes when, chance decides.
    if (step.after > 0) world.advance(step.after)
    play(step, place)
  })
  let inboxAtEnd: ReturnType<typeof inboxRows> = []
  recover()

  function recover(): void {
    world.advance(MINUTE)
    for (const site of sites.all) {
      site.twin.setFaults([])
      site.truth = HONEST
    }
    for (const process of processes) {
      process.journalFails = 0
      process.lastMoment = undefined
      process.cuts.clear()
      if (storage.losePower !== undefined) {
        process.machine.kill()
        noteDeath(process)
      } else if (!process.machine.isAlive()) restart(process)
      else process.machine.dieAt({ operation: Number.POSITIVE_INFINITY, moment: "before" })
    }
    if (storage.losePower !== undefined) {
      storage.losePower()
      looker = undefined
      for (const process of processes) restart(process)
    }
    record({ event: "recovered" })
    const recoveredAt = world.now()
    const settlers = processes.filter(
      ({ setup: { tenant } }, index) => processes.findIndex((other) => other.setup.tenant === tenant) === index
    )
    LOOKS.forEach((minutes, look) => {
      isRecovered = look > 0
      if (isOver()) return
      world.advance(recoveredAt + minutes * MINUTE - world.now())
      settlers.forEach((process, index) => {
        const { calls } = process
        if (calls === undefined) return
        const place = steps.length + look * settlers.length + index
        ask(process, place, "settle", undefined, calls.settle, () => ({ is: "done" }))
      })
    })
    // Longer than a machine sleeps and a caller waits.
    if (!isOver()) world.advance(30 * MINUTE)
    for (const process of processes) {
      if (!process.machine.isAlive()) continue
      process.machine.kill()
    }
    inboxAtEnd = inboxRows()
    disk.run(Scope.close(opened, Exit.void))
    world.settle()
  }

  return {
    script,
    events,
    orders: sites.all
      .flatMap((site: Site) =>
        site.twin.orders.map((order) => ({
          ...order,
          provider: site.name,
          key: keyOf(order.to.slice(-2), (reference) => reference === order.reference)
        }))
      )
      .toSorted((a, b) => a.placedAt - b.placedAt),
    deaths,
    journalFaults: recorded.faults(),
    inbox: inboxAtEnd.map(({ tenant, provider, orderId, state }) => ({ tenant, call: `${provider}:${orderId}`, state }))
  }
}

const deathOf = ({ operation, moment }: Death): Death => ({ operation, moment })
