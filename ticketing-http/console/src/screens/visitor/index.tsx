export function Register() {
  return null;
}
export const Forgot = Register;
export const Reset = Register;
export const Invite = Register;
export const Setup = Register;
