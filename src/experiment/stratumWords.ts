/** What orders may be sorted by, so that like is compared with like: settled before anybody is called. */
export const STRATUM_WORDS = ["country", "hour", "weekday", "campaign", "caller_number"] as const
