import { buildDashboard } from "./dashboard.mjs";
import { install } from "./install.mjs";
import { exitWith } from "./node24.mjs";

try {
  await install();
  await buildDashboard({ force: true });
} catch (error) {
  exitWith(error);
}
