import { engineConformance } from "../conformance/conformance.ts";
import { serviceWith } from "../conformance/service-system.ts";
import { openOwn } from "./test-cluster.ts";

/** All 200 worlds: CONFORMANCE_WORLDS=40 node scripts/run.mjs vitest run --project cluster worlds */
engineConformance("the opensearch engine", serviceWith(openOwn), { part: 0, of: 1, worlds: 1 });
