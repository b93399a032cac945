import { createHash } from "node:crypto";
import { mergeFreshness } from "../query/run-plan.ts";
import { type Answer, type AnswerRequest, EntryError, isPlanned } from "./answering.ts";

const COMMA = Buffer.from(",");
const HASH_CHARACTERS = 27;

/**
 * A labelled JSON answer put together from the answers to its entries, each of which may be there already.
 * Null where it cannot be: another format, a problem among the entries, or one too long to be held.
 */
export async function assembled(
  request: AnswerRequest,
  answerTo: (part: AnswerRequest) => Promise<Answer>,
): Promise<Answer | null> {
  const planned = request.entries.filter(isPlanned);
  if (request.shape === "bare" || request.serializer.id !== "json" || planned.length < request.entries.length)
    return null;
  const answers: Answer[] = [];
  const pieces: Buffer[] = [];
  for (const entry of planned) {
    const part = await answerTo({ ...request, entries: [entry], shape: "bare" }).catch((error: unknown) => {
      throw new EntryError(entry.label, error);
    });
    answers.push(part);
    if (!Buffer.isBuffer(part.body)) {
      part.body.destroy();
      return null;
    }
    pieces.push(
      pieces.length === 0 ? Buffer.from("{") : COMMA,
      Buffer.from(`${JSON.stringify(entry.label)}:`),
      part.body,
    );
  }
  const body = Buffer.concat([...pieces, Buffer.from("}")]);
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, HASH_CHARACTERS);
  return { freshness: mergeFreshness(answers.map(({ freshness }) => freshness)), etag: `"${hash}"`, body };
}
