declare const brand: unique symbol;
/** A primitive that carries its meaning in its type, so that two ids cannot be mixed up. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** The UUID (or, on some instances, the slug-like id) of a community. Any non-empty string but "global". */
export type CommunityId = Brand<string, "CommunityId">;
/** The PID of one published version, for example "abcde-12345". */
export type RecordId = Brand<string, "RecordId">;
/** The PID that stands for all versions of one work. */
export type ParentId = Brand<string, "ParentId">;

/** What statistics are about: the whole repository or one community. */
export type Scope = { readonly kind: "global" } | { readonly kind: "community"; readonly id: CommunityId };
/** Text form of a scope: "global" or the community id. The value of `community_id` in documents and requests. */
export type ScopeKey = Brand<string, "ScopeKey">;

export const GLOBAL_SCOPE: Scope = { kind: "global" };
export const GLOBAL_KEY = "global" as ScopeKey;

export function communityId(text: string): CommunityId {
  return text as CommunityId;
}

export function recordId(text: string): RecordId {
  return text as RecordId;
}

export function parentId(text: string): ParentId {
  return text as ParentId;
}

export function scopeKey(scope: Scope): ScopeKey {
  return scope.kind === "global" ? GLOBAL_KEY : (scope.id as string as ScopeKey);
}

export function scopeOf(key: string): Scope {
  return key === GLOBAL_KEY ? GLOBAL_SCOPE : { kind: "community", id: communityId(key) };
}
