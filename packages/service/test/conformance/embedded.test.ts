import { engineConformance } from "./conformance.ts";
import { serviceOn } from "./service-system.ts";

engineConformance("the embedded engine", serviceOn("embedded"));
