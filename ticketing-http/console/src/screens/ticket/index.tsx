export default function Screen() {
  return <h1>ticket</h1>;
}
