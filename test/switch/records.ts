/** Records of providers with what a test needs in them. */

export interface RevoxOptions {
  readonly id: string
  /** `human`, or a word of dialling that failed. */
  readonly tries: ReadonlyArray<string>
  readonly scheduled?: boolean
  /** Without values of its own, campaign and agent. */
  readonly bare?: boolean
  readonly inbound?: boolean
  readonly from?: string | undefined
  readonly reference?: string
  readonly agent?: string
}

export const revoxOrder = ({ tries, bare = false, ...order }: RevoxOptions) => ({
  id: order.id,
  assistant: bare ? null : { id: order.agent ?? "agent-1", name: "Front desk" },
  campaign: bare ? null : { id: "campaign-1", name: "Spring" },
  created_at: "2026-03-02T09:00:00.000Z",
  updated_at: "2026-03-02T18:00:00.000Z",
  scheduled_at: order.scheduled === true ? "2026-03-02T10:00:00.000Z" : null,
  direction: order.inbound === true ? "inbound" : "outbound",
  status: "completed",
  is_completed: true,
  is_cancelled: false,
  to_phone_number: "+12025550101",
  from_phone_number: "from" in order ? order.from : "+12025550100",
  metadata: { reference: order.reference ?? `lead-${order.id}`, ...(bare ? {} : { source: "web form" }) },
  prompt_variables: { first_name: "Ada" },
  outcome: bare ? null : "interested",
  calls_count: tries.length,
  call_retry_config: { max_retry_attempts: 3 },
  call_attempts: tries.map((word, index) => ({
    id: `${order.id}-${index}`,
    phone_number: "+12025550101",
    started_at: `2026-03-02T1${index}:00:00.000Z`,
    ended_at: `2026-03-02T1${index}:01:00.000Z`,
    ...(word === "human"
      ? {
          answered_at: `2026-03-02T1${index}:00:10.000Z`,
          status: "completed",
          result: "human",
          end_reason: "transfer",
          recording_url: "https://recordings.example.com/1.mp3",
          structured_output: { appointment: "friday" },
          transcript: [
            { role: "assistant", content: "Good morning, this is the demo clinic." },
            { role: "user", content: "Yes, hello, this is Ada speaking." }
          ]
        }
      : { answered_at: null, status: "error", dial_error: word })
  }))
})

export const revringCall = ({ id, cause }: { readonly id: string; readonly cause: "USER_ENDED" | "NO_ANSWER" }) => ({
  id,
  organizationId: "org",
  direction: "OUTBOUND",
  status: cause === "NO_ANSWER" ? "FAILED" : "COMPLETED",
  fromNumber: "+12025550100",
  toNumber: "+12025550101",
  agentId: "agent-1",
  createdAt: "2026-03-02T09:00:00.000Z",
  initiatedAt: "2026-03-02T09:00:01.000Z",
  updatedAt: "2026-03-02T09:02:00.000Z",
  startedAt: cause === "NO_ANSWER" ? null : "2026-03-02T09:00:10.000Z",
  endedAt: "2026-03-02T09:01:10.000Z",
  durationSeconds: cause === "NO_ANSWER" ? null : 60,
  hangupCause: cause,
  summary: cause === "NO_ANSWER" ? null : "Keeps the appointment.",
  variables: { call_reference: `lead-${id}`, first_name: "Ada" },
  transcript:
    cause === "NO_ANSWER"
      ? null
      : [
          { role: "agent", content: "Good morning, this is the demo clinic." },
          { role: "user", content: "Yes, hello, this is Ada speaking." }
        ]
})

export const webCall = (id: string) => ({
  ...revringCall({ id, cause: "USER_ENDED" }),
  source: "web_widget",
  fromNumber: "web-visitor",
  toNumber: "agent-1"
})

export const inboundCall = (id: string) => ({
  ...revringCall({ id, cause: "USER_ENDED" }),
  direction: "INBOUND",
  fromNumber: "+12025550101",
  toNumber: "+12025550100"
})
