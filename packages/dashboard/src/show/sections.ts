export { I18nProvider, Tab, TabList, TabPanel, Tabs } from "react-aria-components";
