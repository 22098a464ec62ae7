export default function Screen() {
  return <h1>workflows</h1>;
}
