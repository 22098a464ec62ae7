export default function Area() {
  return null;
}
