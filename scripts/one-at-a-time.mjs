// Lets one process of several do a piece of work; the others wait until it is done or its process is gone.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_AGAIN_MS = 250;
/** A holder that has not written its process id by then was killed between making the folder and writing into it. */
const NAMELESS_LOOKS = 20;

/** @param folder does not exist while nobody works; its folder must exist. */
export async function oneAtATime(folder, work) {
  await take(folder);
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function take(folder) {
  let namelessLooks = 0;
  while (!made(folder)) {
    const holder = holderOf(folder);
    namelessLooks = holder === undefined ? namelessLooks + 1 : 0;
    const gone = holder === undefined ? namelessLooks >= NAMELESS_LOOKS : !isAlive(holder);
    if (gone) rmSync(folder, { recursive: true, force: true });
    else await sleep(LOOK_AGAIN_MS);
  }
  writeFileSync(join(folder, "pid"), String(process.pid));
}

function made(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function holderOf(folder) {
  try {
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
