export default function Screen() {
  return <h1>admin</h1>;
}
