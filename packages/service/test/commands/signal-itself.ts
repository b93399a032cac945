import { existsSync, readdirSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded before a command: the process sends the signal to itself, amid its work, once it has written a text, or once a file whose name ends
 * so lies in a folder. Whoever saw that from elsewhere, and sent the signal then, could come after the end.
 */
const {
  OWN_SIGNAL: signal,
  SIGNAL_WHEN_SAID: text,
  SIGNAL_WHEN_IN: folder,
  SIGNAL_WHEN_NAMED: ending = "",
} = process.env;
let isSent = false;

function send(): void {
  if (isSent) return;
  isSent = true;
  // What was begun with the text has its turn first.
  setImmediate(() => process.kill(process.pid, signal));
}

if (isMainThread && text !== undefined) listen(text);
if (isMainThread && folder !== undefined) setInterval(() => look(folder), 1).unref();

function listen(awaited: string): void {
  let said = "";
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array, ...rest: never[]) => {
      said += String(chunk);
      if (said.includes(awaited)) send();
      return write(chunk, ...rest);
    };
  }
}

function look(place: string): void {
  if (existsSync(place) && readdirSync(place, { recursive: true }).some((name) => String(name).endsWith(ending)))
    send();
}
