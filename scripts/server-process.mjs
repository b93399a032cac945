// A server that tests need: started, waited for, ended with us.
import { spawn } from "node:child_process";

const STOP_LIMIT_MS = 20_000;

/**
 * Starts a server and waits until it says that it is ready.
 * @param ready matches its output; its first group, or what `url` makes of it, is the address.
 * @returns `url`, `pid` and `stop()`, which waits for the end and then calls `end`.
 */
export async function startServer({ name, file, args, ready, url = (match) => match[1], limitMs, end }) {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
  const killNow = () => child.kill("SIGKILL");
  process.once("exit", killNow);
  const ended = new Promise((resolve) => {
    child.once("close", resolve);
    child.once("error", resolve);
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const forced = setTimeout(killNow, STOP_LIMIT_MS);
    await ended;
    clearTimeout(forced);
    process.off("exit", killNow);
    end();
  };
  try {
    const match = await said(child, ready, limitMs);
    return { url: url(match), pid: child.pid, stop };
  } catch (error) {
    await stop();
    throw new Error(`${name} did not start: ${error.message}`, { cause: error });
  }
}

function said(child, ready, limitMs) {
  let output = "";
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready after ${limitMs / 1000} s`)), limitMs);
    const listen = (chunk) => {
      output = (output + chunk).slice(-20_000);
      const match = ready.exec(output);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("close", () => {
      clearTimeout(timer);
      reject(new Error(`it ended at once.\n${output.trim().slice(-3000)}`));
    });
    child.once("error", reject);
  });
}
