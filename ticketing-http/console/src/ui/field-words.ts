import { defineText } from '../text';
import { PLAIN } from './fault';
import { OWN } from './fault-german';

/** What a form says of a field itself, before anything is sent. */
export const fieldText = defineText(PLAIN, OWN);
