/** What is said in the stories. Invented: no person, company or number in them exists. */
import type { Turn } from "../domain/Transcript.ts"

const agent = (text: string): Turn => ({ role: "agent", text })
const remote = (text: string): Turn => ({ role: "remote", text })

const tool = (toolName: string, given: { readonly [name: string]: string }, output: string): Turn => ({
  role: "tool",
  text: `Tool: ${toolName}`,
  toolName,
  arguments: given,
  output,
  isError: false
})

const greeting = agent("Hello, this is the assistant of Quillworks. Do you have a minute about your workshop visit?")

export const conversation: ReadonlyArray<Turn> = [
  greeting,
  remote("Yes, sure, go ahead."),
  agent("Thank you. Would Tuesday at ten suit you for the visit?"),
  remote("Tuesday at ten is fine."),
  agent("Lovely, I have noted Tuesday at ten. You will get a confirmation. Goodbye!"),
  remote("Great, thanks, bye.")
]

export const conversationInFrench: ReadonlyArray<Turn> = [
  agent("Bonjour, ici l’assistant de Quillworks. Avez-vous une minute à propos de votre visite à l’atelier ?"),
  remote("Oui, je vous écoute."),
  agent("Merci. Est-ce que mardi à dix heures vous conviendrait ?"),
  remote("Mardi, non… plutôt jeudi après-midi, c’est possible ?"),
  agent("Bien sûr : jeudi à quinze heures. Vous recevrez une confirmation. Bonne journée !"),
  remote("Parfait, merci, au revoir.")
]

export const booking: ReadonlyArray<Turn> = [
  greeting,
  remote("Yes, what times do you have?"),
  tool("find_free_slots", { week: "next" }, '["Tuesday 10:00","Thursday 15:00"]'),
  agent("Next week I have Tuesday at ten and Thursday at three."),
  remote("Thursday at three, please."),
  tool("book_slot", { slot: "Thursday 15:00" }, '{"booked":true}'),
  agent("Done: Thursday at three. Goodbye!"),
  tool("end_call", { reason: "appointment booked" }, "ok")
]

/** Hung up on: the remote party says nothing, so only a provider's own verdict can tell that it was a person. */
export const hungUpOn: ReadonlyArray<Turn> = [greeting]

export const askForHuman: ReadonlyArray<Turn> = [
  greeting,
  remote("I would rather talk to a real person."),
  agent("Of course, I am putting you through to a colleague.")
]

export const longTalk: ReadonlyArray<Turn> = [
  greeting,
  remote("Oh, I have so many questions about the workshop. Where do I begin?"),
  agent("Ask away, I am happy to help."),
  remote("Well, first of all, who built the old looms, and what became of them?"),
  agent("They were built in the valley, and two of them still run. Is there anything else?"),
  remote("Yes, plenty! The second thing I wanted to ask is about the dyes, because")
]

export const callBackLater: ReadonlyArray<Turn> = [
  greeting,
  remote("I am driving right now. Could you ring me again this evening?"),
  agent("Certainly, this evening it is. Drive safely!"),
  remote("Thanks, bye.")
]

export const callAnotherNumber: ReadonlyArray<Turn> = [
  greeting,
  remote("You want my sister for that. Please try her on her own line, I will text it to you."),
  agent("Thank you, I will try her there. Goodbye!"),
  remote("Bye.")
]

export const doNotContact: ReadonlyArray<Turn> = [
  greeting,
  remote("No. Please take me off your list and never call me again."),
  agent("Understood, you will not be called again. Goodbye.")
]

export const notInterested: ReadonlyArray<Turn> = [
  greeting,
  remote("No, thank you, I am not interested."),
  agent("That is quite all right. Have a good day!")
]

export const unanswered: ReadonlyArray<Turn> = [greeting, agent("Hello? Is anybody there?")]

/** The machine speaks first, so nothing in it answers the agent. */
export const voicemailGreeting: ReadonlyArray<Turn> = [
  remote("You have reached the mailbox of Zefira. Please leave a message after the tone."),
  agent("Hello, this is the assistant of Quillworks about your workshop visit. We will try again later.")
]

export const phoneMenu: ReadonlyArray<Turn> = [
  remote("Welcome to Nimbus Dental. For appointments, press one. For everything else, please hold."),
  agent("I am looking for a way through to a person. Goodbye.")
]

export const screening: ReadonlyArray<Turn> = [
  remote("Hi, if you record your name and reason for calling, I will see if this person is available."),
  agent("This is the assistant of Quillworks about your workshop visit.")
]

/** What the provider takes for a mailbox, and answers twice like a person. */
export const doubtfulVoicemail: ReadonlyArray<Turn> = [
  remote("Hello?"),
  greeting,
  remote("Sorry, the line is bad. A visit to what?"),
  agent("To the workshop, on Tuesday."),
  remote("Ah, the workshop! Yes, Tuesday works.")
]
