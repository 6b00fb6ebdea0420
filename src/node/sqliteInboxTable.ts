/** The inbox's table in SQLite, from each version to the next. */

/** `unib` */
export const INBOX_APPLICATION_ID = 0x756e6962

/** Never edited, only added to. */
export const INBOX_MIGRATIONS: ReadonlyArray<string> = [
  `CREATE TABLE message (
     id TEXT NOT NULL, tenant TEXT NOT NULL, provider TEXT NOT NULL, orderId TEXT NOT NULL, isKnown INTEGER NOT NULL,
     receivedAt TEXT NOT NULL, state TEXT NOT NULL, dueAt TEXT NOT NULL, tries INTEGER NOT NULL, fence INTEGER NOT NULL,
     problem TEXT, PRIMARY KEY (tenant, id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX message_pending ON message (tenant, isKnown DESC, receivedAt, id) WHERE state IN ('waiting', 'claimed');
   CREATE INDEX message_done ON message (tenant, dueAt) WHERE state = 'done'`,
  // One row for each call instead of one for each message. What follows U+0000 in an id was never read back.
  `CREATE TABLE named_call (
     tenant TEXT NOT NULL, provider TEXT NOT NULL, orderId TEXT NOT NULL, isKnown INTEGER NOT NULL, since TEXT NOT NULL,
     state TEXT NOT NULL, dueAt TEXT NOT NULL, tries INTEGER NOT NULL, notFound INTEGER NOT NULL, fence INTEGER NOT NULL,
     isNamedAgain INTEGER NOT NULL, messages TEXT NOT NULL, problem TEXT, PRIMARY KEY (tenant, provider, orderId)
   ) STRICT;
   INSERT INTO named_call
     SELECT tenant, provider, orderId, max(isKnown), min(receivedAt),
       CASE WHEN total(state IN ('waiting', 'claimed')) > 0 THEN 'waiting' WHEN total(state = 'parked') > 0 THEN 'parked'
         ELSE 'done' END,
       CASE WHEN total(state IN ('waiting', 'claimed')) > 0 THEN min(receivedAt) ELSE max(dueAt) END, 0, 0, max(fence), 0,
       group_concat(substr(id, length(provider) + 2, 32), ' '), max(problem)
     FROM message WHERE instr(orderId, char(0)) = 0 GROUP BY tenant, provider, orderId;
   DROP TABLE message;
   CREATE INDEX named_call_pending ON named_call (tenant, provider, isKnown DESC, dueAt, orderId)
     WHERE state IN ('waiting', 'claimed');
   CREATE INDEX named_call_done ON named_call (tenant, dueAt) WHERE state = 'done'`
]
