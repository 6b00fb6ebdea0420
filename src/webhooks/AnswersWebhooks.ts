/** What answers webhooks, for programs that are not written in Effect. */
export interface AnswersWebhooks {
  /** The answer to a request, which reads its body. */
  readonly webhook: (request: Request) => Promise<Response>
}
