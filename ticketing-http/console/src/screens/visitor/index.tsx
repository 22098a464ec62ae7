/** Pages for whoever can't sign in yet: what the links of mails and of the first start lead to. */
export { Forgot } from './forgot';
export { Invite, Reset } from './link';
export { Register } from './register';
export { Setup } from './setup';
