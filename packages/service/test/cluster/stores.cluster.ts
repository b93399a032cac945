import { storeConformance } from "../engines/store-conformance.ts";
import { openOwn } from "./test-cluster.ts";

storeConformance("opensearch", openOwn);
