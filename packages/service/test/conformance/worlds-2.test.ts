import { engineConformance } from "./conformance.ts";
import { serviceOn } from "./service-system.ts";

const HALF = { part: 1, of: 2 };
engineConformance("the memory engine", serviceOn("memory"), HALF);
engineConformance("the embedded engine", serviceOn("embedded"), HALF);
