/** Widgets by the names that the manual and older layouts give them. */
export const WIDGET_ALIASES: Readonly<Record<string, string>> = {
  TopCountriesMultiDisplay: "CountriesMultiDisplayViews",
  TopReferrersMultiDisplay: "ReferrersMultiDisplayViews",
  ResourceTypesTable: "ResourceTypesMultiDisplay",
  AccessStatusTable: "AccessStatusesMultiDisplay",
  AccessStatusMultiDisplay: "AccessStatusesMultiDisplay",
  RightsTable: "RightsMultiDisplay",
  AffiliationsTable: "AffiliationsMultiDisplay",
};
