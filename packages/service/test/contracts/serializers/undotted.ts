import { serializer as lines } from "./lines.ts";

export const serializer = { ...lines, extension: "txt" };
