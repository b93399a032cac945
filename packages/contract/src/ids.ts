/** The whole repository, where one community is named otherwise: in requests, documents and stored numbers. No community has this id. */
export const GLOBAL_KEY = "global";
