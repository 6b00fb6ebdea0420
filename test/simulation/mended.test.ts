/** Histories that were not as they must be once, as the simulation has shortened them. */
import { describe, expect, it } from "vitest"
import { verdictOf } from "./checkers.ts"
import type { Script } from "./script.ts"
import { faultsOf, playInMemory } from "./simulate.ts"

/** Two orders are placed in one millisecond, and the answer of a third is lost that was not taken. */
const LIST_OF_ONE_MOMENT: Script = {
  seed: "146219",
  setup: {
    providers: ["revring", "revox"],
    stories: { "": { a: "81", b: "30", A: "70" }, acme: { a: "20", b: "61", A: "10" } },
    slowestMillis: 0,
    idempotent: true,
    journalTurns: false,
    processes: [
      { tenant: "", yieldsPerThousand: 2, aheadMillis: 0, listed: true, everySeconds: 60 },
      { tenant: "", yieldsPerThousand: 20, aheadMillis: -2000, listed: false }
    ]
  },
  steps: [
    { after: 0, do: "list", process: 0, provider: "revring" },
    { after: 5000, do: "faults", provider: "revring", faults: "place:504+delay=50/accepted*1" },
    { after: 0, do: "place", process: 0, provider: "revring", reference: "a" },
    { after: 0, do: "place", process: 0, provider: "revring", reference: "b" },
    { after: 0, do: "faults", provider: "revring", faults: "place:drop*1" },
    { after: 0, do: "place", process: 1, provider: "revring", reference: "A" }
  ]
}

const MENDED: ReadonlyArray<readonly [what: string, script: Script]> = [
  [
    "an order placed again by a clock that was set back is that of the later placement",
    {
      seed: "3946",
      setup: {
        providers: ["revring"],
        stories: { "": { a: "02", b: "20", A: "61" }, acme: { a: "30", b: "70", A: "40" } },
        slowestMillis: 30000,
        idempotent: false,
        processes: [
          { tenant: "", yieldsPerThousand: 20, aheadMillis: 0, listed: true, everySeconds: 60 },
          { tenant: "", yieldsPerThousand: 20, aheadMillis: 90000, listed: false, everySeconds: 60 }
        ]
      },
      steps: [
        { after: 0, do: "faults", provider: "revring", faults: "place:500*1" },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "a" },
        { after: 70000, do: "restart", process: 1 },
        { after: 0, do: "setClock", process: 1, millis: -3600000 },
        { after: 1300000, do: "settle", process: 1 },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "a" }
      ]
    }
  ],
  [
    "an order that was given up, and that its provider knew again, is found though it is older than the placement",
    {
      seed: "6143",
      setup: {
        providers: ["vapi"],
        stories: { "": { a: "41", b: "81", A: "51" }, acme: { a: "40", b: "31", A: "20" } },
        slowestMillis: 50,
        idempotent: true,
        processes: [
          { tenant: "", yieldsPerThousand: 2, aheadMillis: -2000, listed: true, everySeconds: 60, pageSize: 2 }
        ]
      },
      steps: [
        { after: 0, do: "faults", provider: "vapi", faults: "place:slow_body=90*2" },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" },
        { after: 60_000, do: "release", process: 0, reference: "a" },
        { after: 700_000, do: "faults", provider: "vapi", faults: "place:401*1" },
        { after: 0, do: "faults", provider: "vapi", faults: "get:garble=invalid_utf8" },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" }
      ]
    }
  ],
  [
    "a call that a person names is of the placement that it fits, not of what has taken that one's place",
    {
      seed: "20988",
      setup: {
        providers: ["revring"],
        stories: { "": { a: "00", b: "03", A: "20" }, acme: { a: "02", b: "30", A: "80" } },
        slowestMillis: 50,
        idempotent: false,
        journalTurns: true,
        processes: [
          { tenant: "", yieldsPerThousand: 2, aheadMillis: 0, listed: true },
          { tenant: "", yieldsPerThousand: 2, aheadMillis: 0, listed: false }
        ]
      },
      steps: [
        { after: 0, do: "list", process: 1, provider: "revring" },
        { after: 5000, do: "faults", provider: "revring", faults: "place:500/accepted*1" },
        { after: 0, do: "lists", provider: "revring", delaySeconds: 0, hides: "all", minimal: false },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "a" },
        { after: 700000, do: "settle", process: 1 },
        { after: 450000, do: "settle", process: 0 },
        { after: 0, do: "faults", provider: "revring", faults: "place:drop*1" },
        { after: 5000, do: "place", process: 1, provider: "revring", reference: "a" },
        { after: 0, do: "place", process: 0, provider: "revring", reference: "a" },
        { after: 20, do: "name", process: 1, reference: "a" }
      ]
    }
  ],
  [
    "an order that is answered with that of its reference to another number, which a person gave up, stays for a person",
    {
      seed: "99728",
      setup: {
        processes: [
          { tenant: "acme", yieldsPerThousand: 100, aheadMillis: 0, listed: true },
          { tenant: "acme", yieldsPerThousand: 20, aheadMillis: 0, listed: false }
        ],
        providers: ["vapi"],
        stories: { "": { a: "40", b: "03", A: "00" }, acme: { a: "10", b: "01", A: "41" } },
        slowestMillis: 30000,
        idempotent: true,
        journalTurns: true
      },
      steps: [
        { after: 0, do: "faults", provider: "vapi", faults: "place:delay=70*1" },
        { after: 0, do: "place", process: 1, provider: "vapi", reference: "a", differs: "number" },
        { after: 700000, do: "release", process: 0, reference: "a" },
        { after: 330000, do: "place", process: 0, provider: "vapi", reference: "a", failsOnDifference: true }
      ]
    }
  ],
  [
    "an order of its reference to another number, which a person gave up, is not written down as its own",
    {
      seed: "252175",
      setup: {
        processes: [{ tenant: "", yieldsPerThousand: 20, aheadMillis: -240000, listed: true }],
        providers: ["vapi"],
        stories: { "": { a: "01", b: "50", A: "81" }, acme: { a: "21", b: "20", A: "00" } },
        slowestMillis: 50,
        idempotent: true,
        journalTurns: false
      },
      steps: [
        { after: 0, do: "faults", provider: "vapi", faults: "place:500/accepted@50%" },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" },
        { after: 330000, do: "release", process: 0, reference: "a" },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a", repeat: true, differs: "number" }
      ]
    }
  ],
  [
    "an order that was given up is not written down as that of the number that its reference is placed with again",
    {
      seed: "439971",
      setup: {
        processes: [{ tenant: "acme", yieldsPerThousand: 0, aheadMillis: -240000, listed: false }],
        providers: ["revring"],
        stories: { "": { a: "30", b: "61", A: "21" }, acme: { a: "11", b: "51", A: "81" } },
        slowestMillis: 0,
        idempotent: true,
        journalTurns: true
      },
      steps: [
        { after: 0, do: "faults", provider: "revring", faults: "place:drop/accepted*1" },
        {
          after: 0,
          do: "place",
          process: 0,
          provider: "revring",
          reference: "a",
          repeat: true,
          notAfterSeconds: 0,
          differs: "number"
        },
        { after: 60000, do: "check", process: 1, provider: "revring" },
        { after: 0, do: "release", process: 0, reference: "a" },
        { after: 0, do: "place", process: 0, provider: "revring", reference: "a" }
      ]
    }
  ],
  [
    "of two orders of one moment, and none of another, nobody knows whether they are all: what is not among them stays for a person",
    LIST_OF_ONE_MOMENT
  ],
  [
    "an order placed again by a process that had not seen the provider's clock is not taken for the one before",
    {
      seed: "55163",
      setup: {
        providers: ["vapi", "revox"],
        stories: { "": { a: "21", b: "70", A: "41" }, acme: { a: "60", b: "31", A: "30" } },
        slowestMillis: 2000,
        idempotent: false,
        journalTurns: true,
        processes: [
          { tenant: "", yieldsPerThousand: 0, aheadMillis: -240000, listed: true },
          { tenant: "", yieldsPerThousand: 0, aheadMillis: 200000, listed: false }
        ]
      },
      steps: [
        { after: 0, do: "faults", provider: "vapi", faults: "place:504+delay=50*1" },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" },
        { after: 70000, do: "restart", process: 99 },
        { after: 330000, do: "settle", process: 0 },
        { after: 120000, do: "settle", process: 0 },
        { after: 330000, do: "faults", provider: "vapi", faults: "place:hang/accepted@50%" },
        { after: 0, do: "reconcile", process: 0, reference: "a" },
        { after: 60000, do: "place", process: 1, provider: "vapi", reference: "a", failsOnDifference: true }
      ]
    }
  ],
  [
    "what a list says of an order from before it was sent again changes nothing",
    {
      seed: "31402",
      setup: {
        processes: [{ tenant: "", yieldsPerThousand: 2, aheadMillis: 90000, listed: true, everySeconds: 300 }],
        providers: ["vapi"],
        stories: { "": { a: "61", b: "50", A: "11" }, acme: { a: "41", b: "81", A: "30" } },
        slowestMillis: 50,
        idempotent: true,
        journalTurns: false
      },
      steps: [
        { after: 0, do: "faults", provider: "vapi", faults: "place:redirect=307*1" },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" },
        { after: 700000, do: "settle", process: 0 },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" },
        { after: 500, do: "reconcile", process: 0, reference: "a" },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a", repeat: true },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" }
      ]
    }
  ],
  [
    "what a list says of an order that another process is sending again does not make that process its sender",
    {
      seed: "51692",
      setup: {
        processes: [
          { tenant: "", yieldsPerThousand: 100, aheadMillis: 90000, listed: true, everySeconds: 60 },
          { tenant: "", yieldsPerThousand: 0, aheadMillis: 90000, listed: false, everySeconds: 300 },
          { tenant: "", yieldsPerThousand: 100, aheadMillis: 90000, listed: false, everySeconds: 300 }
        ],
        providers: ["vapi"],
        stories: { "": { a: "20", b: "11", A: "03" }, acme: { a: "01", b: "41", A: "70" } },
        slowestMillis: 50,
        idempotent: true,
        journalTurns: true
      },
      steps: [
        { after: 0, do: "place", process: 2, provider: "vapi", reference: "a" },
        { after: 0, do: "faults", provider: "vapi", faults: "place:garble=empty" },
        { after: 60000, do: "settle", process: 0 },
        { after: 0, do: "place", process: 1, provider: "vapi", reference: "a", repeat: true }
      ]
    }
  ],
  [
    "the end of a second request counts for lists though another process has looked in between",
    {
      seed: "186741",
      setup: {
        providers: ["revring"],
        stories: { "": { a: "80", b: "51", A: "21" }, acme: { a: "02", b: "31", A: "61" } },
        slowestMillis: 50,
        idempotent: true,
        journalTurns: false,
        processes: [
          { tenant: "", yieldsPerThousand: 100, aheadMillis: -240000, listed: true, everySeconds: 300 },
          { tenant: "", yieldsPerThousand: 100, aheadMillis: 0, listed: false, maxConcurrency: 1 }
        ]
      },
      steps: [
        { after: 0, do: "faults", provider: "revring", faults: "place:500*1" },
        { after: 0, do: "place", process: 0, provider: "revring", reference: "A" },
        { after: 400000, do: "settle", process: 0 },
        { after: 0, do: "settle", process: 0 },
        { after: 0, do: "faults", provider: "revring", faults: "place:429+retry-after=2*1" },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "A", repeat: true }
      ]
    }
  ],
  [
    "a person who looks while an order is sent again does not become its sender",
    {
      seed: "330802",
      setup: {
        providers: ["vapi"],
        stories: { "": { a: "00", b: "21", A: "60" }, acme: { a: "50", b: "31", A: "70" } },
        slowestMillis: 2000,
        idempotent: true,
        journalTurns: false,
        processes: [
          { tenant: "", yieldsPerThousand: 0, aheadMillis: -2000, listed: true, everySeconds: 300 },
          { tenant: "", yieldsPerThousand: 20, aheadMillis: 0, listed: true },
          { tenant: "", yieldsPerThousand: 100, aheadMillis: 0, listed: true }
        ]
      },
      steps: [
        { after: 0, do: "list", process: 1, provider: "vapi" },
        { after: 5000, do: "faults", provider: "vapi", faults: "place:drop*1" },
        { after: 0, do: "place", process: 1, provider: "vapi", reference: "a" },
        { after: 0, do: "faults", provider: "vapi", faults: "place:garble=empty" },
        { after: 60000, do: "place", process: 1, provider: "vapi", reference: "a", repeat: true },
        { after: 0, do: "reconcile", process: 2, reference: "a" }
      ]
    }
  ],
  [
    "a list that seems later than it was, by two clocks that were both wrong, counts for the first of two",
    {
      seed: "174324",
      setup: {
        providers: ["revring", "revox"],
        stories: { "": { a: "03", b: "31", A: "40" }, acme: { a: "21", b: "41", A: "10" } },
        slowestMillis: 30000,
        idempotent: false,
        journalTurns: true,
        processes: [
          { tenant: "", yieldsPerThousand: 0, aheadMillis: 90000, listed: true, maxConcurrency: 1 },
          { tenant: "", yieldsPerThousand: 100, aheadMillis: 0, listed: true }
        ]
      },
      steps: [
        { after: 0, do: "list", process: 0, provider: "revring" },
        { after: 5000, do: "faults", provider: "revring", faults: "place:504+delay=50*1" },
        { after: 0, do: "lists", provider: "revring", delaySeconds: 0, hides: "all", minimal: false },
        { after: 0, do: "place", process: 0, provider: "revring", reference: "a" },
        { after: 0, do: "faults", provider: "revring", faults: "place:500/accepted*1" },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "b" },
        { after: 330000, do: "settle", process: 0 }
      ]
    }
  ],
  [
    "a walk whose pages wait for their turns for longer than five minutes is whole",
    {
      seed: "76575",
      setup: {
        providers: ["revring"],
        stories: { "": { a: "50", b: "21", A: "11" }, acme: { a: "01", b: "31", A: "61" } },
        slowestMillis: 0,
        idempotent: false,
        journalTurns: false,
        processes: [
          { tenant: "acme", yieldsPerThousand: 0, aheadMillis: 0, listed: true, maxConcurrency: 1 },
          {
            tenant: "",
            yieldsPerThousand: 2,
            aheadMillis: 0,
            listed: true,
            everySeconds: 300,
            maxConcurrency: 1,
            ratePerMinute: 2
          }
        ]
      },
      steps: [
        { after: 0, do: "list", process: 1, provider: "revring" },
        { after: 5000, do: "faults", provider: "revring", faults: "place:500/accepted*1" },
        { after: 0, do: "kill", process: 1, operation: 2, moment: "after" },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "b" },
        { after: 1300000, do: "settle", process: 1 },
        { after: 0, do: "place", process: 0, provider: "revring", reference: "a" }
      ]
    }
  ],
  [
    "a walk goes on while those that began later take turns in between",
    {
      seed: "395485",
      setup: {
        processes: [{ tenant: "", yieldsPerThousand: 20, aheadMillis: -240000, listed: true, ratePerMinute: 2 }],
        providers: ["revring"],
        stories: { "": { a: "80", b: "10", A: "81" }, acme: { a: "30", b: "50", A: "40" } },
        slowestMillis: 0,
        idempotent: false,
        journalTurns: true
      },
      steps: [
        { after: 0, do: "place", process: 0, provider: "revring", reference: "a" },
        { after: 0, do: "faults", provider: "revring", faults: "place:500/accepted*2" },
        { after: 500, do: "place", process: 0, provider: "revring", reference: "b", failsOnDifference: true },
        { after: 0, do: "setClock", process: 0, millis: 400000 },
        { after: 60000, do: "lists", provider: "revring", delaySeconds: 280, hides: "queued", minimal: false }
      ]
    }
  ],
  [
    "what was given up and turns up is not taken for what waits for its turn, and is then refused by an answer that is wrong",
    {
      seed: "63337",
      setup: {
        processes: [
          { tenant: "", yieldsPerThousand: 2, aheadMillis: 0, listed: true, everySeconds: 300, maxConcurrency: 1 },
          { tenant: "", yieldsPerThousand: 0, aheadMillis: 0, listed: true, maxConcurrency: 1 },
          { tenant: "", yieldsPerThousand: 100, aheadMillis: 200000, listed: true }
        ],
        providers: ["revring", "revox"],
        stories: { "": { a: "11", b: "41", A: "03" }, acme: { a: "51", b: "61", A: "81" } },
        slowestMillis: 50,
        idempotent: false,
        journalTurns: true
      },
      steps: [
        { after: 0, do: "faults", provider: "revring", faults: "place:drop/accepted*1" },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "a" },
        { after: 70000, do: "faults", provider: "revring", faults: "list:delay=5" },
        { after: 0, do: "settle", process: 1 },
        { after: 500, do: "release", process: 2, reference: "a" },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "a" },
        { after: 0, do: "faults", provider: "revring", faults: "place:409/accepted*1" },
        { after: 1, do: "place", process: 2, provider: "revring", reference: "a" },
        { after: 0, do: "settle", process: 0 }
      ]
    }
  ],
  [
    "what was given up is not taken by who looks for the reference, for what is answered by what cannot be read",
    {
      seed: "109151",
      setup: {
        processes: [
          { tenant: "", yieldsPerThousand: 20, aheadMillis: 0, listed: true, everySeconds: 300 },
          { tenant: "", yieldsPerThousand: 100, aheadMillis: -2000, listed: false, maxConcurrency: 1 }
        ],
        providers: ["revring"],
        stories: { "": { a: "11", b: "20", A: "60" }, acme: { a: "50", b: "80", A: "10" } },
        slowestMillis: 0,
        idempotent: false,
        journalTurns: false
      },
      steps: [
        { after: 0, do: "faults", provider: "revring", faults: "place:drop/accepted*1" },
        { after: 0, do: "place", process: 0, provider: "revring", reference: "a" },
        { after: 70000, do: "faults", provider: "revring", faults: "list:delay=20" },
        { after: 0, do: "settle", process: 1 },
        { after: 1, do: "release", process: 0, reference: "a" },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "a" },
        { after: 0, do: "faults", provider: "revring", faults: "place:garble=not_json/accepted*1" },
        { after: 1, do: "reconcile", process: 0, reference: "a" }
      ]
    }
  ],
  [
    "what was given up is not taken for the next by a clock that is behind that of who has reserved",
    {
      seed: "138125",
      setup: {
        processes: [
          { tenant: "", yieldsPerThousand: 0, aheadMillis: 200000, listed: true },
          { tenant: "", yieldsPerThousand: 20, aheadMillis: 200000, listed: true, maxConcurrency: 1 },
          { tenant: "", yieldsPerThousand: 2, aheadMillis: -2000, listed: false }
        ],
        providers: ["vapi", "revring"],
        stories: { "": { a: "21", b: "50", A: "60" }, acme: { a: "61", b: "03", A: "41" } },
        slowestMillis: 0,
        idempotent: false,
        journalTurns: true
      },
      steps: [
        { after: 0, do: "faults", provider: "vapi", faults: "place:drop/accepted*1" },
        { after: 0, do: "place", process: 2, provider: "vapi", reference: "a" },
        { after: 70000, do: "faults", provider: "vapi", faults: "list:delay=5" },
        { after: 0, do: "settle", process: 1 },
        { after: 1, do: "release", process: 2, reference: "a" },
        { after: 0, do: "place", process: 1, provider: "vapi", reference: "a" },
        { after: 0, do: "faults", provider: "vapi", faults: "place:garble=invalid_utf8/accepted" },
        { after: 500, do: "reconcile", process: 2, reference: "a" }
      ]
    }
  ],
  [
    "what was given up is not taken for the next by the process that is about to send that",
    {
      seed: "165070",
      setup: {
        processes: [
          { tenant: "", yieldsPerThousand: 20, aheadMillis: -240000, listed: true },
          {
            tenant: "",
            yieldsPerThousand: 2,
            aheadMillis: 200000,
            listed: false,
            everySeconds: 300,
            ratePerMinute: 10
          },
          { tenant: "", yieldsPerThousand: 2, aheadMillis: 90000, listed: false }
        ],
        providers: ["revring"],
        stories: { "": { a: "61", b: "10", A: "60" }, acme: { a: "20", b: "50", A: "41" } },
        slowestMillis: 0,
        idempotent: false,
        journalTurns: false
      },
      steps: [
        { after: 0, do: "faults", provider: "revring", faults: "place:drop/accepted*1" },
        { after: 0, do: "place", process: 2, provider: "revring", reference: "a" },
        { after: 70000, do: "faults", provider: "revring", faults: "list:delay=5" },
        { after: 0, do: "settle", process: 2 },
        { after: 1, do: "release", process: 0, reference: "a" },
        { after: 1, do: "place", process: 1, provider: "revring", reference: "a" },
        { after: 0, do: "faults", provider: "revring", faults: "place:slow_body=5" },
        { after: 0, do: "reconcile", process: 1, reference: "a" },
        { after: 0, do: "reconcileStale", process: 1 },
        { after: 0, do: "settle", process: 2 }
      ]
    }
  ],
  [
    "what was given up is not taken for the next by a process that has just begun",
    {
      seed: "226765",
      setup: {
        processes: [
          { tenant: "", yieldsPerThousand: 0, aheadMillis: 90000, listed: true, everySeconds: 60 },
          { tenant: "", yieldsPerThousand: 100, aheadMillis: 0, listed: true, everySeconds: 60, ratePerMinute: 2 }
        ],
        providers: ["revring"],
        stories: { "": { a: "11", b: "61", A: "81" }, acme: { a: "60", b: "40", A: "51" } },
        slowestMillis: 50,
        idempotent: false,
        journalTurns: false
      },
      steps: [
        { after: 0, do: "faults", provider: "revring", faults: "place:garble=not_json/accepted@50%" },
        { after: 500, do: "place", process: 1, provider: "revring", reference: "b" },
        { after: 2500, do: "place", process: 1, provider: "revring", reference: "a" },
        { after: 20, do: "cancel", process: 0, reference: "b" },
        { after: 0, do: "release", process: 0, reference: "b" },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "b" },
        { after: 0, do: "reconcile", process: 1, reference: "a" }
      ]
    }
  ],
  [
    "what was given up is not taken for the next where lists are no evidence of absence",
    {
      seed: "437272",
      setup: {
        processes: [
          { tenant: "", yieldsPerThousand: 100, aheadMillis: 0, listed: true, maxConcurrency: 1 },
          { tenant: "", yieldsPerThousand: 0, aheadMillis: 0, listed: false }
        ],
        providers: ["vapi"],
        stories: { "": { a: "60", b: "50", A: "30" }, acme: { a: "00", b: "61", A: "81" } },
        slowestMillis: 50,
        idempotent: false,
        journalTurns: true
      },
      steps: [
        { after: 0, do: "faults", provider: "vapi", faults: "place:drop/accepted*1" },
        { after: 0, do: "place", process: 1, provider: "vapi", reference: "a" },
        { after: 70000, do: "faults", provider: "vapi", faults: "list:delay=20" },
        { after: 0, do: "settle", process: 0 },
        { after: 500, do: "release", process: 1, reference: "a" },
        { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" },
        { after: 0, do: "faults", provider: "vapi", faults: "place:500/accepted@50%" },
        { after: 20, do: "settle", process: 1 }
      ]
    }
  ],
  [
    "an order may be sent though to a clock that was set it looked long over",
    {
      seed: "113702",
      setup: {
        processes: [
          { tenant: "", yieldsPerThousand: 20, aheadMillis: 90000, listed: false },
          { tenant: "", yieldsPerThousand: 20, aheadMillis: 0, listed: false, maxConcurrency: 1 }
        ],
        providers: ["vapi"],
        stories: { "": { a: "50", b: "20", A: "70" }, acme: { a: "02", b: "01", A: "41" } },
        slowestMillis: 50,
        idempotent: true,
        journalTurns: true
      },
      steps: [
        { after: 0, do: "list", process: 1, provider: "vapi" },
        { after: 500, do: "reconcileStale", process: 0 },
        { after: 0, do: "place", process: 1, provider: "vapi", reference: "b" },
        { after: 0, do: "setClock", process: 0, millis: 3600000 },
        { after: 0, do: "reconcileStale", process: 0 },
        { after: 0, do: "settle", process: 0 },
        { after: 0, do: "place", process: 1, provider: "vapi", reference: "a", scheduledInSeconds: 30 }
      ]
    }
  ]
]

describe("a mended history", () => {
  it.each(MENDED)("%s", (_what, script) => {
    expect(faultsOf(script)).toEqual([])
  })
})

it("what was called absent is looked for again though the clock was set back since", () => {
  const script: Script = {
    seed: "4328",
    setup: {
      providers: ["vapi"],
      stories: { "": { a: "60", b: "40", A: "00" }, acme: { a: "20", b: "41", A: "81" } },
      slowestMillis: 2000,
      idempotent: false,
      processes: [{ tenant: "acme", yieldsPerThousand: 100, aheadMillis: 0, listed: true }]
    },
    steps: [
      { after: 0, do: "list", process: 0, provider: "vapi" },
      { after: 0, do: "faults", provider: "vapi", faults: "place:hang/accepted*1" },
      { after: 0, do: "lists", provider: "vapi", delaySeconds: 0, hides: "over", minimal: false },
      { after: 0, do: "place", process: 0, provider: "vapi", reference: "a" },
      { after: 70000, do: "restart", process: 99 },
      { after: 330000, do: "settle", process: 0 },
      { after: 700000, do: "settle", process: 0 },
      { after: 400000, do: "settle", process: 0 },
      { after: 1, do: "setClock", process: 0, millis: -3600000 }
    ]
  }
  expect(faultsOf(script)).toEqual([])
})

it("what a list of one moment leaves undecided is settled once there is an order of another moment", () => {
  const { setup, steps } = LIST_OF_ONE_MOMENT
  const undecidedAfter = (later: Script["steps"]) => {
    const another = { tenant: "acme", yieldsPerThousand: 2, aheadMillis: 0, listed: true } as const
    const processes = [...setup.processes, another]
    const script = { ...LIST_OF_ONE_MOMENT, setup: { ...setup, processes }, steps: [...steps, ...later] }
    return verdictOf(playInMemory(script)).settling.needsPerson
  }
  expect(undecidedAfter([])).toEqual({ "list of one moment": 1 })
  expect(undecidedAfter([{ after: 5000, do: "place", process: 2, provider: "revring", reference: "A" }])).toEqual({})
})

it("does not try for days to read a call that another process has canceled by deleting its record", () => {
  const process = { tenant: "", yieldsPerThousand: 0, aheadMillis: 0, listed: false } as const
  const script: Script = {
    seed: "745",
    setup: {
      processes: [process, { ...process, yieldsPerThousand: 20 }],
      providers: ["vapi", "revox"],
      stories: { "": { a: "61", b: "41", A: "80" }, acme: { a: "60", b: "51", A: "20" } },
      slowestMillis: 50,
      idempotent: false,
      journalTurns: true,
      webhooks: { faults: "webhook:double=400@50%", trust: "refetch" }
    },
    steps: [
      { after: 0, do: "place", process: 1, provider: "vapi", reference: "a", scheduledInSeconds: 9000 },
      { after: 0, do: "killAtMessage", process: 1, moment: "after end" },
      { after: 500, do: "cancel", process: 1, reference: "a" }
    ]
  }
  expect(faultsOf(script)).toEqual([])
})

it("of processes whose clocks are more than five minutes apart none takes a call from the other for ever", () => {
  const process = { tenant: "", yieldsPerThousand: 0, listed: false, maxConcurrency: 1 } as const
  const script: Script = {
    seed: "744580",
    setup: {
      providers: ["vapi", "revox"],
      stories: { "": { a: "31", b: "03", A: "70" }, acme: { a: "61", b: "30", A: "50" } },
      slowestMillis: 30_000,
      idempotent: false,
      journalTurns: false,
      processes: [
        { ...process, aheadMillis: -240_000 },
        { ...process, aheadMillis: 90_000 }
      ],
      webhooks: { faults: "webhook:double", trust: "trusted" }
    },
    steps: [
      { after: 0, do: "place", process: 0, provider: "vapi", reference: "b" },
      { after: 500, do: "place", process: 0, provider: "vapi", reference: "a" }
    ]
  }
  expect(faultsOf(script)).toEqual([])
})

it("what is sent again at the very moment in which it is given up stays, and so does its order", () => {
  const process = { tenant: "", yieldsPerThousand: 2 } as const
  const script: Script = {
    seed: "851952",
    setup: {
      processes: [
        { ...process, aheadMillis: 0, listed: true },
        { ...process, aheadMillis: -2000, listed: false }
      ],
      providers: ["revring", "vapi"],
      stories: { "": { a: "20", b: "61", A: "70" }, acme: { a: "10", b: "80", A: "81" } },
      slowestMillis: 50,
      idempotent: true,
      journalTurns: true
    },
    steps: [
      { after: 0, do: "faults", provider: "revring", faults: "place:drop/accepted*1" },
      { after: 0, do: "place", process: 1, provider: "revring", reference: "a" },
      { after: 70_000, do: "faults", provider: "revring", faults: "list:delay=20" },
      { after: 0, do: "release", process: 1, reference: "a" },
      { after: 0, do: "place", process: 0, provider: "revring", reference: "a" },
      { after: 0, do: "place", process: 0, provider: "revring", reference: "a", repeat: true }
    ]
  }
  expect(faultsOf(script)).toEqual([])
})

it.each([
  [400_000, 1],
  [700_000, 2],
  [4_000_000, 2]
])(
  "a clock that is set by %s ms while a request is under way makes no list seem earlier than it was",
  (millis, last) => {
    const process = { tenant: "acme", listed: true } as const
    const script: Script = {
      seed: "1796136657388",
      setup: {
        providers: ["revring", "revox"],
        stories: { "": { a: "00", b: "21", A: "11" }, acme: { a: "81", b: "10", A: "41" } },
        slowestMillis: 50,
        idempotent: false,
        journalTurns: false,
        processes: [
          { ...process, yieldsPerThousand: 100, aheadMillis: -2000, maxConcurrency: 1 },
          { ...process, yieldsPerThousand: 20, aheadMillis: 90_000, maxConcurrency: 1 },
          { ...process, yieldsPerThousand: 2, aheadMillis: 0, everySeconds: 60 }
        ]
      },
      steps: [
        { after: 0, do: "list", process: 1, provider: "revring" },
        { after: 5000, do: "faults", provider: "revring", faults: "place:500/accepted*1" },
        { after: 0, do: "lists", provider: "revring", delaySeconds: 0, hides: "all", minimal: false },
        { after: 0, do: "place", process: 1, provider: "revring", reference: "a" },
        { after: 1, do: "restart", process: 99 },
        { after: 0, do: "setClock", process: 1, millis },
        { after: 700_000, do: "settle", process: 2 },
        { after: 0, do: "faults", provider: "revring", faults: "place:drop*1" },
        { after: 0, do: "place", process: last, provider: "revring", reference: "A" }
      ]
    }
    expect(faultsOf(script)).toEqual([])
  }
)
