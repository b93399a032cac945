import { createContext, use } from "react";
import { catalogue } from "./catalogues/en.ts";
import { createWords, type Words } from "./words.ts";

export const WordsContext = createContext<Words>(createWords("en", catalogue, false));

export function useWords(): Words {
  return use(WordsContext);
}
