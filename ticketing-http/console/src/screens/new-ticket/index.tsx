export default function Screen() {
  return <h1>new-ticket</h1>;
}
