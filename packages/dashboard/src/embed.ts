import { define } from "./embed/element.tsx";

define(Date.now);
