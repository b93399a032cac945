import { engineConformance } from "./conformance.ts";
import { serviceOn } from "./service-system.ts";

engineConformance("the memory engine", serviceOn("memory"));
