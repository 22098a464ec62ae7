import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { safeAddress } from './address';
import Body from './markdown-body';

afterEach(cleanup);
const html = (text: string) => render(<Body>{text}</Body>).container.innerHTML;

describe('what people write', () => {
  it('is never HTML', () => {
    expect(html('<img src=x onerror=alert(1)> <b>bold</b>\n\n<script>alert(1)</script>')).not.toMatch(
      /<(img|b|script)\b/,
    );
    expect(html('a <b>bold</b>')).toContain('&lt;b&gt;bold&lt;/b&gt;');
  });

  it('links to pages and mailboxes alone, and those learn nothing', () => {
    expect(html('[a](https://a.example/)')).toBe(
      '<p><a href="https://a.example/" target="_blank" rel="noopener noreferrer nofollow">a</a></p>',
    );
    expect(html('[a](javascript:alert(1)) [b](/admin) [c](data:text/html,x)')).not.toContain('href');
    expect(html('kim@desk.example')).toContain('href="mailto:kim@desk.example"');
  });

  it('loads no picture', () => {
    expect(html('![cat](https://a.example/cat.png)')).toContain('>cat</a>');
    expect(html('![cat](https://a.example/cat.png)')).not.toContain('<img');
    expect(html('![](https://a.example/cat.png)')).toContain('>https://a.example/cat.png</a>');
  });

  it('has no link within a link', () => {
    expect(html('[![cat](https://a.example/cat.png)](https://b.example/)')).toBe(
      '<p><a href="https://b.example/" target="_blank" rel="noopener noreferrer nofollow">cat</a></p>',
    );
    expect(html('[![cat](https://a.example/cat.png)](javascript:x)')).toContain('href="https://a.example/cat.png"');
  });

  it('names people', () => {
    expect(html('hello @kim@desk.example, and (@lu@desk.example)')).toBe(
      '<p>hello <strong>@kim@desk.example</strong>, and (<strong>@lu@desk.example</strong>)</p>',
    );
  });

  it('keeps its lines, and makes no headings of the page', () => {
    expect(html('one\ntwo')).toBe('<p>one<br>\ntwo</p>');
    expect(html('# Big')).toBe('<p><strong>Big</strong></p>');
  });
});

describe('an address', () => {
  it('is safe where it is whole, and of a kind that only leads somewhere', () => {
    expect(safeAddress('https://a.example/x')).toBe('https://a.example/x');
    expect(
      ['/x', '//a.example', 'ftp://a', ' javascript:alert(1)', 'blob:https://a', undefined].map(safeAddress),
    ).toEqual(Array(6).fill(undefined));
  });
});
