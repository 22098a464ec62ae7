export default function Screen() {
  return <h1>queue</h1>;
}
