import type { CommunityLine } from "../engine/facts.ts";
import type { ScopeSwitches } from "./scopes.ts";

/** The part of the configuration that switches statistics on. */
export interface SwitchSource {
  readonly enabled: boolean;
  readonly dashboard: {
    readonly enabledGlobal: boolean;
    readonly enabledCommunity: boolean;
    readonly communityOptIn: boolean;
  };
}

/**
 * Which statistics are offered: of the repository and of its communities as configured, and of a community as it chose itself; without a
 * choice of its own, opt-in decides. Pages and API obey alike.
 */
export function isSwitchedOn({ enabled, dashboard }: SwitchSource, community: CommunityLine | null): boolean {
  if (!enabled) return false;
  if (community === null) return dashboard.enabledGlobal;
  return dashboard.enabledCommunity && (community.dashboardEnabled ?? !dashboard.communityOptIn);
}

export function switchesOf(source: SwitchSource): ScopeSwitches {
  return { isOn: (community) => isSwitchedOn(source, community) };
}
