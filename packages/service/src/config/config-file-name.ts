/** The variable that names the configuration file. */
export const CONFIG_FILE = "COMMUNITY_STATS_CONFIG";
