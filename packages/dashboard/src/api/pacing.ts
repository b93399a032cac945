import { notifyManager } from "@tanstack/react-query";

/**
 * Answers are shown one after the other, each in a task of its own: what a page asks for comes nearly at once, and drawing all of it in one
 * go would block a slow machine for seconds.
 */
export function paceAnswers(): void {
  const waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  // A timer would wait four milliseconds each time.
  port1.addEventListener("message", () => {
    waiting.shift()?.();
    if (waiting.length > 0) port2.postMessage(null);
  });
  port1.start();
  notifyManager.setScheduler((callback) => {
    if (waiting.push(callback) === 1) port2.postMessage(null);
  });
}
