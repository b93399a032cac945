/** page: one of our own; inside: a repository's page around it; element: a part of anybody's page. */
export type Frame = "page" | "inside" | "element";

export type PagePart = "head" | "controls";
