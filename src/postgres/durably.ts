/** That what is written is on disk before it is answered. */

/**
 * Within a statement that writes: whatever role or database are set to, it is answered only once it is on disk. The
 * setting ends with the statement's own transaction.
 */
export const DURABLY = `set_config('synchronous_commit',
  CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)`
