/** Days from the last complete day to today that are no reason to worry: yesterday is complete once it has been counted, some time after midnight. */
export const USUAL_AGE_DAYS = 2;
