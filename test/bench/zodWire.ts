/** The adapters' wire schemas once more, in zod: the same fields, the same leniency about null and absent. */
import { z } from "zod"

const text = z.string().nullish()
const flag = z.boolean().nullish()
const count = z.number().nullish()
const id = z.union([z.string(), z.number()]).nullish()
const time = z.unknown().optional()
const dictionary = z.record(z.string(), z.unknown()).nullish()

const named = z.object({ id, name: text }).nullish()

const entry = z.object({
  role: text,
  content: text,
  tool_name: text,
  tool_arguments: z.unknown().optional(),
  tool_is_error: flag,
  tool_output: z.unknown().optional()
})

const revoxTranscript = z.union([z.array(z.union([entry, z.string()]).nullish()), z.string()]).nullish()

const attempt = z.object({
  id,
  call_order_id: id,
  phone_number: text,
  status: text,
  started_at: time,
  answered_at: time,
  ended_at: time,
  result: text,
  dial_error: text,
  end_reason: text,
  ended_by: text,
  recording_url: text,
  structured_output: dictionary,
  transcript: revoxTranscript,
  handled_by_ai: flag,
  handled_by_human: flag
})

const order = z.object({
  id,
  status: text,
  is_completed: flag,
  is_cancelled: flag,
  direction: text,
  from_phone_number: text,
  to_phone_number: text,
  created_at: time,
  scheduled_at: time,
  next_call_at: time,
  updated_at: time,
  assistant: named,
  call_attempts: z.array(attempt.nullish()).nullish(),
  last_call_attempt: attempt.nullish(),
  calls_count: count,
  call_retry_config: z.object({ max_retry_attempts: count }).nullish(),
  campaign: named,
  metadata: dictionary,
  prompt_variables: dictionary,
  organization_id: id,
  outcome: text,
  outcome_summary: text
})

const webhook = z.object({
  call_order_id: id,
  call_id: id,
  status: text,
  result: text,
  annotation: text,
  transcript: revoxTranscript,
  recording_url: text,
  started_at: time,
  ended_at: time,
  calls_count: count
})

const item = z.object({ role: text, speaker: text, from: text, content: text, text, message: text })

const call = z.object({
  id,
  organizationId: id,
  direction: text,
  status: text,
  fromNumber: text,
  toNumber: text,
  source: text,
  agentId: id,
  agentName: text,
  initiatedAt: time,
  startedAt: time,
  endedAt: time,
  createdAt: time,
  updatedAt: time,
  durationSeconds: count,
  hangupCause: text,
  errorMessage: text,
  recordingUrl: text,
  transcript: z.union([z.array(z.union([item, z.string()]).nullish()), z.string()]).nullish(),
  summary: text,
  variables: dictionary,
  metrics: dictionary
})

const preCall = z.object({ event: text, agentId: id, dialedAgentId: id, fromNumber: text, toNumber: text })

export const zodWire = {
  revox: { Order: order, Attempt: attempt, Webhook: webhook },
  revring: { Call: call, PreCall: preCall }
}
