#!/usr/bin/env python3
"""Writes ../vectors/*.json. Independent of the TypeScript on purpose: bytes are put together here by hand.

Run by hand after a change of PROTOCOL.md, and look at the difference: a vector that changes is a protocol that changes.
"""

import base64
import hashlib
import json
import struct
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / 'vectors'


def write(name, about, sections):
    (OUT / name).write_text(json.dumps({'about': about, **sections}, indent=1, ensure_ascii=True) + '\n')


def u32(n):
    return struct.pack('>I', n)


def frame(message_id, payload=b''):
    return u32(1 + len(payload)) + bytes([message_id]) + payload


def bencode(value):
    """Canonical; dicts have bytes as keys."""
    if isinstance(value, int):
        return b'i%de' % value
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b'%d:%s' % (len(value), value)
    if isinstance(value, list):
        return b'l' + b''.join(map(bencode, value)) + b'e'
    return b'd' + b''.join(bencode(k) + bencode(value[k]) for k in sorted(value)) + b'e'


def tree(value):
    """A bencoded value as JSON without loss: integers as text, strings and keys as hexadecimal digits."""
    if isinstance(value, int):
        return {'integer': str(value)}
    if isinstance(value, bytes):
        return {'string': value.hex()}
    if isinstance(value, list):
        return {'list': [tree(item) for item in value]}
    return {'dictionary': [[key.hex(), tree(value[key])] for key in value]}


HASH = hashlib.sha1(b'info').digest()
PEER_ID = b'-PN0100-' + bytes(range(12))
BLOCK = 16384


def messages():
    def three(name, i):
        return [
            {'name': f'{name} of the first block', 'message': {'type': name, 'piece': 0, 'begin': 0, 'length': BLOCK},
             'bytes': frame(i, u32(0) + u32(0) + u32(BLOCK)).hex()},
            {'name': f'{name} with the largest numbers',
             'message': {'type': name, 'piece': 2**32 - 1, 'begin': 2**32 - 2, 'length': 2**31},
             'bytes': frame(i, u32(2**32 - 1) + u32(2**32 - 2) + u32(2**31)).hex()},
        ]

    def one(name, i):
        return [{'name': f'{name} {n}', 'message': {'type': name, 'piece': n}, 'bytes': frame(i, u32(n)).hex()}
                for n in (0, 1, 255, 256, 2**31 - 1, 2**31, 2**32 - 1)]

    def none(name, i):
        return [{'name': name, 'message': {'type': name}, 'bytes': frame(i).hex()}]

    cases = [{'name': 'keep-alive', 'message': {'type': 'keepAlive'}, 'bytes': u32(0).hex()}]
    cases += none('choke', 0) + none('unchoke', 1) + none('interested', 2) + none('notInterested', 3)
    cases += one('have', 4)
    for bits in (b'', b'\x80', b'\xff\xfe', bytes(range(64))):
        cases.append({'name': f'bitfield of {len(bits)} bytes', 'message': {'type': 'bitfield', 'bits': bits.hex()},
                      'bytes': frame(5, bits).hex()})
    cases += three('request', 6)
    for piece, begin, data in ((0, 0, b'\x00'), (7, BLOCK, b'hello'), (2**32 - 1, 2**32 - BLOCK, bytes(range(256)) * 2)):
        cases.append({'name': f'piece {piece} with {len(data)} bytes',
                      'message': {'type': 'piece', 'piece': piece, 'begin': begin, 'data': data.hex()},
                      'bytes': frame(7, u32(piece) + u32(begin) + data).hex()})
    cases += three('cancel', 8)
    for port in (0, 6881, 65535):
        cases.append({'name': f'port {port}', 'message': {'type': 'port', 'port': port},
                      'bytes': frame(9, struct.pack('>H', port)).hex()})
    cases += one('suggest', 13) + none('haveAll', 14) + none('haveNone', 15) + three('reject', 16) + one('allowedFast', 17)
    for ext, payload in ((0, b'd1:mdee'), (1, b''), (255, b'\x00\x01\x02')):
        cases.append({'name': f'extended {ext} with {len(payload)} bytes',
                      'message': {'type': 'extended', 'extensionId': ext, 'payload': payload.hex()},
                      'bytes': frame(20, bytes([ext]) + payload).hex()})
    received = [{'name': f'unknown id {i} with {len(p)} bytes', 'message': {'type': 'unknown', 'id': i, 'payload': p.hex()},
                 'bytes': frame(i, p).hex()}
                for i, p in ((10, b''), (12, b'xyz'), (21, bytes(48)), (99, b'?'), (255, b'\xff'))]
    write('messages.json',
          'Frames with their length prefix. `cases`: encoding the message gives the bytes, decoding the bytes the message. '
          '`receivedOnly`: decoded, never sent. Fields `bits`, `data` and `payload` are hexadecimal digits.',
          {'cases': cases, 'receivedOnly': received})


def malformed():
    cases = []

    def bad(name, head, code, piece_count=None):
        case = {'name': name, 'bytes': head.hex(), 'code': code}
        if piece_count is not None:
            case['pieceCount'] = piece_count
        cases.append(case)

    fixed = {0: 1, 1: 1, 2: 1, 3: 1, 14: 1, 15: 1, 4: 5, 13: 5, 17: 5, 6: 13, 8: 13, 16: 13, 9: 3}
    for i, length in fixed.items():
        for wrong in sorted({1, length - 1, length + 1, length + 4, 9, 16393, 1048576} - {0, length}):
            bad(f'message {i} announces {wrong} bytes, not {length}', u32(wrong) + bytes([i]), 'bad-length')
    for wrong in range(1, 10):
        bad(f'piece announces {wrong} bytes, no data', u32(wrong) + b'\x07', 'bad-length')
    bad('piece with one byte more than a block', u32(9 + BLOCK + 1) + b'\x07', 'frame-too-long')
    bad('piece of 32 KiB', u32(9 + 2 * BLOCK) + b'\x07', 'frame-too-long')
    bad('bitfield of more than 2097152 pieces', u32(1 + 262144 + 1) + b'\x05', 'frame-too-long')
    bad('bitfield too short for 9 pieces', u32(2) + b'\x05', 'bad-length', 9)
    bad('bitfield too long for 9 pieces', u32(4) + b'\x05', 'bad-length', 9)
    bad('bitfield for a torrent without pieces', u32(2) + b'\x05', 'bad-length', 0)
    bad('extended without an extension id', u32(1) + b'\x14', 'bad-length')
    bad('extended of more than 512 KiB', u32(524289) + b'\x14', 'frame-too-long')
    bad('unknown id of more than 64 KiB', u32(65537) + b'\x63', 'frame-too-long')
    for length in (1048577, 2**24, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1):
        bad(f'prefix announces {length} bytes', u32(length), 'frame-too-long')
    bad('a good message before a bad one', frame(1) + u32(2) + b'\x00', 'bad-length')
    bad('a handshake where a frame should be', b'\x13BitTorrent protocol', 'frame-too-long')
    bad('HTTP', b'GET / HTTP/1.1\r\n', 'frame-too-long')
    write('malformed.json',
          'Beginnings of frames that a decoder must refuse at the last byte given here, before it has seen a payload.',
          {'cases': cases})


def handshakes():
    def case(name, reserved, extended, fast, dht):
        return {'name': name,
                'handshake': {'infoHash': HASH.hex(), 'peerId': PEER_ID.hex(), 'supportsExtended': extended,
                              'supportsFast': fast, 'supportsDht': dht},
                'bytes': (b'\x13BitTorrent protocol' + reserved + HASH + PEER_ID).hex()}

    cases = [case('no extension', bytes(8), False, False, False),
             case('extension protocol', bytes(5) + b'\x10' + bytes(2), True, False, False),
             case('fast', bytes(7) + b'\x04', False, True, False),
             case('DHT', bytes(7) + b'\x01', False, False, True),
             case('all three', bytes(5) + b'\x10\x00\x05', True, True, True)]
    received = [case('all reserved bits', b'\xff' * 8, True, True, True),
                case('all reserved bits but ours', b'\xff' * 5 + b'\xef\xff\xfa', False, False, False)]
    good = b'\x13BitTorrent protocol' + bytes(8) + HASH + PEER_ID
    bad = [{'name': 'another length of the name', 'bytes': (b'\x14' + good[1:]).hex(), 'firstWrong': 0},
           {'name': 'another letter case', 'bytes': (b'\x13bitTorrent protocol' + good[20:]).hex(), 'firstWrong': 1},
           {'name': 'another last letter', 'bytes': (good[:19] + b'L' + good[20:]).hex(), 'firstWrong': 19},
           {'name': 'a frame', 'bytes': (frame(6, bytes(12)) * 4).hex(), 'firstWrong': 0},
           {'name': 'zeros', 'bytes': bytes(68).hex(), 'firstWrong': 0}]
    write('handshake.json',
          'The 68 bytes. `cases`: both ways. `receivedOnly`: bits we do not know are ignored. `malformed`: refused with '
          '`bad-handshake` as soon as the byte at `firstWrong` is there.',
          {'cases': cases, 'receivedOnly': received, 'malformed': bad})


def bencodings():
    values = [0, 1, -1, 42, 2**53 - 1, -(2**53 - 1), 2**53, -(2**53), 2**63 - 1, -(2**63), 2**64 - 1,
              b'', b'spam', bytes(range(256)), [], [1, [2, [3]]], [b'', [], {}],
              {}, {b'a': 1}, {b'': b''}, {b'B': 1, b'a': 2, b'\x80': 3, b'\xff': 4}, {b'__proto__': b'x', b'constructor': 1},
              {b'a': {b'b': {b'c': []}}}, {b'1': 1, b'10': 2, b'2': 3}, {b'k' * 1024: 1}]
    cases = [{'name': f'canonical {index}', 'bytes': bencode(value).hex(), 'value': tree(value)}
             for index, value in enumerate(values)]
    received = [{'name': 'keys out of order', 'bytes': b'd1:bi1e1:ai2ee'.hex(), 'value': tree({b'b': 1, b'a': 2})},
                {'name': '100 levels', 'bytes': (b'l' * 100 + b'e' * 100).hex(), 'value': None}]
    bad = {'nothing': b'', 'an unknown letter': b'x', 'an end': b'e', 'an integer without digits': b'ie',
           'an integer without end': b'i1', 'minus zero': b'i-0e', 'only a minus': b'i-e', 'two minuses': b'i--1e',
           'a plus': b'i+1e', 'a leading zero': b'i01e', 'a negative with a leading zero': b'i-01e', 'zero twice': b'i00e',
           'a fraction': b'i1.5e', 'a space': b'i 1e', 'hexadecimal': b'i0x1e', 'an integer of 21 digits': b'i' + b'1' * 21 + b'e',
           'an endless integer': b'i' + b'9' * 1000, 'a length with a leading zero': b'01:a', 'a negative length': b'-1:a',
           'a length without colon': b'1a', 'a string shorter than its length': b'5:spam', 'a huge length': b'9999999999:a',
           'a length of 11 digits': b'10000000000:a', 'a list without end': b'li1e', 'a dictionary without end': b'd1:ai1e',
           'an integer key': b'di1ei2ee', 'a list as key': b'dlei1ee', 'a key without value': b'd1:ae',
           'a key and the end of input': b'd1:a', 'a key twice': b'd1:ai1e1:ai2ee',
           'a key twice, not together': b'd1:ai1e1:bi1e1:ai2ee', 'a value after the end': b'i1ei2e',
           'a key of 1025 bytes': b'd1025:' + b'k' * 1025 + b'i1ee',
           'a newline after the end': b'i1e\n', '101 levels': b'l' * 101 + b'e' * 101,
           '6000 levels of dictionaries': b'd1:a' * 6000, '25000 levels of lists': b'l' * 25000}
    write('bencode.json',
          '`cases`: both ways; `value` is a tree of {integer}, {string}, {list}, {dictionary} with strings and keys in '
          'hexadecimal digits. `receivedOnly`: decoded though not canonical (`value` null: only accepted). `malformed`: '
          'refused with `bad-bencode`.',
          {'cases': cases, 'receivedOnly': received,
           'malformed': [{'name': name, 'bytes': bytes_.hex()} for name, bytes_ in bad.items()]})


def pieces(content, piece_length):
    return b''.join(hashlib.sha1(content[i:i + piece_length]).digest() for i in range(0, len(content), piece_length))


def raw_dict(pairs):
    """A dictionary in the order given, which need not be canonical."""
    return b'd' + b''.join(bencode(k) + (v if isinstance(v, bytes) else bencode(v)) for k, v in pairs) + b'e'


def metainfos():
    hello = b'hello world\n'
    digest = hashlib.sha1(hello).digest()
    one = {b'length': 12, b'name': 'hello.txt', b'piece length': 16384, b'pieces': pieces(hello, 16384), b'sha1': digest}
    cases = []

    def case(name, torrent, info, expect):
        cases.append({'name': name, 'bytes': torrent.hex(), 'infoHash': hashlib.sha1(info).hexdigest(), **expect})

    def file(path, length, offset, **more):
        return {'path': path, 'length': length, 'offset': offset, 'isPadding': False, 'isExecutable': False, **more}

    info = bencode(one)
    case('one file', bencode({b'info': one, b'created by': 'p2p', b'comment': 'a comment'}), info,
         {'metainfo': {'name': 'hello.txt', 'pieceLength': 16384, 'totalBytes': 12, 'pieceCount': 1, 'isSingleFile': True,
                       'isPrivate': False, 'sha1': digest.hex(), 'files': [file(['hello.txt'], 12, 0, sha1=digest.hex())]},
          'announce': [], 'createdBy': 'p2p', 'comment': 'a comment'})

    # Keys out of order: the hash is over the bytes as they stand.
    unsorted = raw_dict([(b'pieces', bencode(one[b'pieces'])), (b'piece length', 16384), (b'name', bencode('hello.txt')),
                         (b'x-unknown', 7), (b'length', 12)])
    case('keys out of order and unknown keys', raw_dict([(b'info', unsorted), (b'announce', bencode('http://t/'))]), unsorted,
         {'metainfo': {'name': 'hello.txt', 'pieceLength': 16384, 'totalBytes': 12, 'pieceCount': 1, 'isSingleFile': True,
                       'isPrivate': False, 'files': [file(['hello.txt'], 12, 0)]},
          'announce': [['http://t/']]})

    content = b'a' * 20000 + bytes(12768) + b'b' * 5
    many = {b'files': [
        {b'length': 20000, b'path': ['a.bin'], b'sha1': hashlib.sha1(b'a' * 20000).digest()},
        {b'attr': 'p', b'length': 12768, b'path': ['.pad', '12768']},
        {b'attr': 'x', b'length': 5, b'path': ['sub', 'b.sh']},
        {b'length': 0, b'path': ['sub', 'empty']},
        {b'attr': 'l', b'length': 99, b'path': ['sub', 'link'], b'symlink path': ['sub', 'b.sh']}],
        b'name': 'folder', b'piece length': 16384, b'pieces': pieces(content, 16384), b'private': 1}
    case('a folder with padding, an executable, an empty file and a link; private', bencode({b'info': many}), bencode(many),
         {'metainfo': {'name': 'folder', 'pieceLength': 16384, 'totalBytes': 32773, 'pieceCount': 3, 'isSingleFile': False,
                       'isPrivate': True, 'files': [
                           file(['folder', 'a.bin'], 20000, 0, sha1=hashlib.sha1(b'a' * 20000).hexdigest()),
                           {**file(['folder', '.pad', '12768'], 12768, 20000), 'isPadding': True},
                           {**file(['folder', 'sub', 'b.sh'], 5, 32768), 'isExecutable': True},
                           file(['folder', 'sub', 'empty'], 0, 32773),
                           file(['folder', 'sub', 'link'], 0, 32773, symlinkTarget=['sub', 'b.sh'])]},
          'announce': []})

    empty = {b'length': 0, b'name': 'empty', b'piece length': 65536, b'pieces': b''}
    case('an empty file', bencode({b'info': empty, b'announce': 'http://a/',
                                   b'announce-list': [['http://a/', 'http://b/'], ['udp://c:1'], [7], 'x']}), bencode(empty),
         {'metainfo': {'name': 'empty', 'pieceLength': 65536, 'totalBytes': 0, 'pieceCount': 0, 'isSingleFile': True,
                       'isPrivate': False, 'files': [file(['empty'], 0, 0)]},
          'announce': [['http://a/', 'http://b/'], ['udp://c:1']]})

    latin = {b'length': 1, b'name': b'caf\xe9', b'name.utf-8': 'caf\u00e9', b'piece length': 1, b'pieces': pieces(b'x', 1)}
    case('a name in another encoding, with its UTF-8 form, and pieces of one byte', bencode({b'info': latin}), bencode(latin),
         {'metainfo': {'name': 'caf\u00e9', 'pieceLength': 1, 'totalBytes': 1, 'pieceCount': 1, 'isSingleFile': True,
                       'isPrivate': False, 'files': [file(['caf\u00e9'], 1, 0)]}, 'announce': []})

    hybrid = {**one, b'meta version': 2, b'file tree': {b'hello.txt': {b'': {b'length': 12, b'pieces root': bytes(32)}}}}
    case('a hybrid torrent, read as v1', bencode({b'info': hybrid}), bencode(hybrid),
         {'metainfo': {'name': 'hello.txt', 'pieceLength': 16384, 'totalBytes': 12, 'pieceCount': 1, 'isSingleFile': True,
                       'isPrivate': False, 'sha1': digest.hex(), 'files': [file(['hello.txt'], 12, 0, sha1=digest.hex())]},
          'announce': []})

    def without(key):
        return {k: v for k, v in one.items() if k != key}

    def with_(**changes):
        return {**one, **{k.replace('_', ' ').encode(): v for k, v in changes.items()}}

    folder = {b'name': 'f', b'piece length': 16384, b'pieces': b''}
    bad = {
        'a list': [1], 'no name': without(b'name'), 'an empty name': with_(name=''), 'an integer as name': with_(name=1),
        'no length': without(b'length'), 'a negative length': with_(length=-1), 'a length of 2^53': with_(length=2**53),
        'no piece length': without(b'piece length'), 'pieces of 0 bytes': with_(piece_length=0),
        'pieces of -1 bytes': with_(piece_length=-1), 'pieces of more than 64 MiB': with_(piece_length=2**26 + 1),
        'no pieces': without(b'pieces'), 'pieces shorter than a digest': with_(pieces=bytes(19)),
        'one digest too many': with_(pieces=bytes(40)), 'a list of pieces': with_(pieces=[]),
        'a billion pieces of 1 byte': {**one, b'length': 10**9, b'piece length': 1},
        'length and files': {**one, b'files': [{b'length': 1, b'path': ['a']}]},
        'no files': {**folder, b'files': []}, 'files that are no list': {**folder, b'files': 1},
        'a file that is no dictionary': {**folder, b'files': [1]},
        'a file without path': {**folder, b'files': [{b'length': 0}]},
        'an empty path': {**folder, b'files': [{b'length': 0, b'path': []}]},
        'a path of 101 elements': {**folder, b'files': [{b'length': 0, b'path': ['x'] * 101}]},
        'an integer in a path': {**folder, b'files': [{b'length': 0, b'path': [1]}]},
        'a file without length': {**folder, b'files': [{b'path': ['a']}]},
        'lengths whose sum is no safe integer': {**folder, b'files': [{b'length': 2**53 - 1, b'path': ['a']}, {b'length': 1, b'path': ['b']}]},
        'a link without target': {**folder, b'files': [{b'attr': 'l', b'path': ['a']}]},
        'v2 only': {b'name': 'x', b'meta version': 2, b'piece length': 16384, b'file tree': {b'x': {b'': {b'length': 0}}}},
    }
    torrents = {'no info': {b'announce': 'http://t/'}, 'info that is a string': {b'info': 'x'}}
    write('metainfo.json',
          'Torrent files in hexadecimal digits. `cases`: what they say; the info-hash is over the bytes of `info` as they stand. '
          '`malformedInfo`: info dictionaries, and `malformed`: torrent files, refused with `bad-metainfo`.',
          {'cases': cases, 'malformedInfo': [{'name': k, 'bytes': bencode(v).hex()} for k, v in bad.items()],
           'malformed': [{'name': k, 'bytes': bencode(v).hex()} for k, v in torrents.items()]})


def magnets():
    hexa = HASH.hex()
    b32 = base64.b32encode(HASH).decode()

    def magnet(name=None, length=None, peers=()):
        result = {'infoHash': hexa, 'peers': [{'host': h, 'port': p} for h, p in peers]}
        if name is not None:
            result['name'] = name
        if length is not None:
            result['length'] = length
        return result

    xt = f'magnet:?xt=urn:btih:{hexa}'
    cases = [
        {'name': 'only the hash', 'uri': xt, 'magnet': magnet()},
        {'name': 'name, length and a peer', 'uri': xt + '&dn=a%20file.bin&xl=1024&x.pe=192.0.2.1:6881',
         'magnet': magnet('a file.bin', 1024, [('192.0.2.1', 6881)])},
        {'name': 'several peers, IPv6 and a host name among them',
         'uri': xt + '&x.pe=[2001:db8::1]:6881&x.pe=127.0.0.1:1&x.pe=peer.example:65535',
         'magnet': magnet(peers=[('2001:db8::1', 6881), ('127.0.0.1', 1), ('peer.example', 65535)])},
        {'name': 'signs that must be escaped', 'uri': xt + '&dn=%26%3D%25%2B%23%20%F0%9F%8C%8D', 'magnet': magnet('&=%+# \U0001f30d')},
        {'name': 'no bytes', 'uri': xt + '&xl=0', 'magnet': magnet(length=0)},
    ]
    received = [
        {'name': 'base32', 'uri': f'magnet:?xt=urn:btih:{b32}', 'magnet': magnet()},
        {'name': 'base32 in lower case', 'uri': f'magnet:?xt=urn:btih:{b32.lower()}', 'magnet': magnet()},
        {'name': 'upper case', 'uri': f'MAGNET:?xt=URN:BTIH:{hexa.upper()}', 'magnet': magnet()},
        {'name': 'white space around it', 'uri': f'  {xt}\n', 'magnet': magnet()},
        {'name': 'plus signs as spaces', 'uri': xt + '&dn=a+b', 'magnet': magnet('a b')},
        {'name': 'trackers, web seeds, unknown keys and broken escapes in them are ignored',
         'uri': xt + '&tr=udp%3A%2F%2Ft&ws=http://x&so=0,2&foo=%ZZ&bar&=&&dn=n', 'magnet': magnet('n')},
        {'name': 'hybrid', 'uri': f'magnet:?xt=urn:btmh:1220{"ab" * 32}&xt=urn:btih:{hexa}', 'magnet': magnet()},
        {'name': 'numbered topics', 'uri': f'magnet:?xt.1=urn:ed2k:31D6&xt.2=urn:btih:{hexa}', 'magnet': magnet()},
        {'name': 'the first of each', 'uri': xt + '&dn=a&dn=b&xl=1&xl=2', 'magnet': magnet('a', 1)},
        {'name': 'an escaped topic and peer', 'uri': f'magnet:?xt=urn%3Abtih%3A{hexa}&x.pe=%5B%3A%3A1%5D%3A80',
         'magnet': magnet(peers=[('::1', 80)])},
        {'name': 'a fragment', 'uri': xt + '&dn=a#b', 'magnet': magnet('a')},
        {'name': 'a name with a percent sign of its own', 'uri': xt + '&dn=100%', 'magnet': magnet()},
        {'name': 'a name that is no UTF-8', 'uri': xt + '&dn=caf%E9&x.pe=192.0.2.1:6881',
         'magnet': magnet(peers=[('192.0.2.1', 6881)])},
        {'name': 'lengths that are none', 'uri': xt + f'&xl=&xl=-1&xl=big&xl=0x10&xl=1e3&xl={2**53}', 'magnet': magnet()},
        {'name': 'the first name and length that are well-formed', 'uri': xt + '&dn=%ZZ&dn=b&xl=-1&xl=2', 'magnet': magnet('b', 2)},
    ]
    bad = [('nothing', '', 'bad-magnet'), ('another scheme', f'http://x/?xt=urn:btih:{hexa}', 'bad-magnet'),
           ('no topic', 'magnet:?dn=a', 'bad-magnet'), ('v2 only', f'magnet:?xt=urn:btmh:1220{"ab" * 32}', 'bad-magnet'),
           ('39 digits', xt[:-1], 'bad-magnet'), ('41 digits', xt + '0', 'bad-magnet'),
           ('a letter that is no digit', xt[:-1] + 'g', 'bad-magnet'),
           ('base32 with a digit 1', 'magnet:?xt=urn:btih:' + '1' * 32, 'bad-magnet'),
           ('a broken escape in the topic', f'magnet:?xt=urn:btih:%ZZ{hexa}', 'bad-magnet'),
           ('a broken escape in a peer', xt + '&x.pe=%ZZ:80', 'bad-address'),
           ('a peer without port', xt + '&x.pe=127.0.0.1', 'bad-address'),
           ('a peer with port 0', xt + '&x.pe=127.0.0.1:0', 'bad-address'),
           ('201 peers', xt + '&x.pe=127.0.0.1:1' * 201, 'bad-magnet')]
    write('magnet.json',
          '`cases`: both ways. `receivedOnly`: read as the same as another form. `malformed`: refused with `code`.',
          {'cases': cases, 'receivedOnly': received,
           'malformed': [{'name': n, 'uri': u, 'code': c} for n, u, c in bad]})


def extensions():
    v4 = bytes([192, 0, 2, 1]) + struct.pack('>H', 6881)
    v4b = bytes([198, 51, 100, 7]) + struct.pack('>H', 51413)
    v6 = bytes.fromhex('20010db8000000000000000000000001') + struct.pack('>H', 6881)
    a4, a4b, a6 = ({'host': '192.0.2.1', 'port': 6881}, {'host': '198.51.100.7', 'port': 51413},
                   {'host': '2001:db8::1', 'port': 6881})

    handshake = {
        'cases': [
            {'name': 'nothing', 'payload': bencode({b'm': {}}).hex(), 'value': {'extensions': {}}},
            {'name': 'everything',
             'payload': bencode({b'm': {b'ut_pex': 1, b'ut_metadata': 2, b'lt_donthave': 3, b'p2p_catalog': 0}, b'p': 6881,
                                 b'v': 'p2p-peer 0.1.0', b'yourip': bytes([127, 0, 0, 1]), b'ipv4': bytes([192, 0, 2, 1]),
                                 b'ipv6': v6[:16], b'reqq': 500, b'metadata_size': 31235, b'upload_only': 1}).hex(),
             'value': {'extensions': {'ut_pex': 1, 'ut_metadata': 2, 'lt_donthave': 3, 'p2p_catalog': 0}, 'port': 6881,
                       'client': 'p2p-peer 0.1.0', 'yourIp': '7f000001', 'ipv4': 'c0000201', 'ipv6': v6[:16].hex(),
                       'requestQueueLimit': 500, 'metadataBytes': 31235, 'isUploadOnly': True}},
            {'name': 'will download', 'payload': bencode({b'm': {}, b'upload_only': 0}).hex(),
             'value': {'extensions': {}, 'isUploadOnly': False}},
        ],
        'receivedOnly': [
            {'name': 'no m', 'payload': bencode({b'v': 'x'}).hex(), 'value': {'extensions': {}, 'client': 'x'}},
            {'name': 'fields of the wrong kind or out of range',
             'payload': bencode({b'm': {b'a': 256, b'b': -1, b'c': 'x', b'd': 9}, b'p': 0, b'v': 7, b'yourip': b'abc', b'ipv4': v6[:16],
                                 b'ipv6': bytes(4), b'reqq': -1, b'metadata_size': 0, b'upload_only': 'x', b'e': 1}).hex(),
             'value': {'extensions': {'d': 9}}},
            {'name': 'a port of 65536', 'payload': bencode({b'm': [], b'p': 65536}).hex(), 'value': {'extensions': {}}},
            {'name': 'controls in the client name, and bytes after the dictionary',
             'payload': (bencode({b'v': 'a\x1b[31mb\u202e' + 'c' * 100}) + b'rest').hex(),
             'value': {'extensions': {}, 'client': 'a?[31mb?' + 'c' * 55 + '\u2026'}},
            {'name': 'our address in IPv6', 'payload': bencode({b'yourip': v6[:16]}).hex(),
             'value': {'extensions': {}, 'yourIp': v6[:16].hex()}},
        ],
        'malformed': [{'name': 'nothing', 'payload': '', 'code': 'bad-bencode'},
                      {'name': 'a list', 'payload': b'le'.hex(), 'code': 'bad-extension'},
                      {'name': 'too deep', 'payload': (b'd1:m' + b'l' * 20 + b'e' * 21).hex(), 'code': 'bad-bencode'}],
    }
    data = bytes(range(200))
    metadata = {
        'cases': [
            {'name': 'request', 'payload': bencode({b'msg_type': 0, b'piece': 3}).hex(), 'value': {'type': 'request', 'piece': 3}},
            {'name': 'reject', 'payload': bencode({b'msg_type': 2, b'piece': 1023}).hex(), 'value': {'type': 'reject', 'piece': 1023}},
            {'name': 'the only piece', 'payload': (bencode({b'msg_type': 1, b'piece': 0, b'total_size': 200}) + data).hex(),
             'value': {'type': 'data', 'piece': 0, 'totalBytes': 200, 'data': data.hex()}},
            {'name': 'the last piece', 'payload': (bencode({b'msg_type': 1, b'piece': 2, b'total_size': 32969}) + b'e' * 201).hex(),
             'value': {'type': 'data', 'piece': 2, 'totalBytes': 32969, 'data': (b'e' * 201).hex()}},
            {'name': 'data that looks like the end of the dictionary',
             'payload': (bencode({b'msg_type': 1, b'piece': 0, b'total_size': 4}) + b'eeee').hex(),
             'value': {'type': 'data', 'piece': 0, 'totalBytes': 4, 'data': b'eeee'.hex()}},
        ],
        'receivedOnly': [
            {'name': 'an unknown type', 'payload': bencode({b'msg_type': 3}).hex(), 'value': {'type': 'unknown'}},
            {'name': 'unknown keys and another order', 'payload': b'd5:piecei0e8:msg_typei0e1:xi1ee'.hex(),
             'value': {'type': 'request', 'piece': 0}}],
        'malformed': [{'name': name, 'payload': payload.hex(), 'code': code} for name, payload, code in (
            ('nothing', b'', 'bad-bencode'), ('no type', bencode({b'piece': 0}), 'bad-extension'),
            ('no piece', bencode({b'msg_type': 0}), 'bad-extension'),
            ('a negative piece', bencode({b'msg_type': 0, b'piece': -1}), 'bad-extension'),
            ('a piece beyond 16 MiB', bencode({b'msg_type': 0, b'piece': 1024}), 'bad-extension'),
            ('a text as piece', bencode({b'msg_type': 0, b'piece': 'x'}), 'bad-extension'),
            ('data without total', bencode({b'msg_type': 1, b'piece': 0}) + b'x', 'bad-extension'),
            ('a total of 2 GB', bencode({b'msg_type': 1, b'piece': 0, b'total_size': 2**31}) + b'x', 'bad-extension'),
            ('data too short', bencode({b'msg_type': 1, b'piece': 0, b'total_size': 200}) + data[1:], 'bad-extension'),
            ('data too long', bencode({b'msg_type': 1, b'piece': 0, b'total_size': 200}) + data + b'x', 'bad-extension'),
            ('a piece beyond the total', bencode({b'msg_type': 1, b'piece': 1, b'total_size': 200}) + data, 'bad-extension'),
            ('an empty piece beyond the total', bencode({b'msg_type': 1, b'piece': 1, b'total_size': 200}), 'bad-extension'))],
    }

    def pex(**keys):
        names = {'added': b'added', 'added_f': b'added.f', 'added6': b'added6', 'added6_f': b'added6.f',
                 'dropped': b'dropped', 'dropped6': b'dropped6'}
        return {names[key]: value for key, value in keys.items()}

    all_pex = dict(added=b'', added_f=b'', added6=b'', added6_f=b'', dropped=b'', dropped6=b'')
    pexes = {
        'cases': [
            {'name': 'nothing new', 'payload': bencode(pex(**all_pex)).hex(), 'value': {'added': [], 'dropped': []}},
            {'name': 'added and dropped in both families',
             'payload': bencode(pex(added=v4 + v4b, added_f=b'\x10\x02', added6=v6, added6_f=b'\x12', dropped=v4b, dropped6=v6)).hex(),
             'value': {'added': [{'address': a4, 'flags': 16}, {'address': a4b, 'flags': 2}, {'address': a6, 'flags': 18}],
                       'dropped': [a4b, a6]}}],
        'receivedOnly': [
            {'name': 'only added, without flags', 'payload': bencode(pex(added=v4)).hex(),
             'value': {'added': [{'address': a4, 'flags': 0}], 'dropped': []}},
            {'name': 'flags that do not match', 'payload': bencode(pex(added=v4 + v4b, added_f=b'\x10')).hex(),
             'value': {'added': [{'address': a4, 'flags': 0}, {'address': a4b, 'flags': 0}], 'dropped': []}},
            {'name': 'port 0 is handed on', 'payload': bencode(pex(dropped=bytes(6))).hex(),
             'value': {'added': [], 'dropped': [{'host': '0.0.0.0', 'port': 0}]}}],
        'malformed': [{'name': name, 'payload': payload.hex(), 'code': code} for name, payload, code in (
            ('nothing', b'', 'bad-bencode'), ('a string', b'0:', 'bad-extension'),
            ('half an address', bencode(pex(added=v4[:5])), 'bad-extension'),
            ('half an IPv6 address', bencode(pex(dropped6=v6[:17])), 'bad-extension'),
            ('an integer', bencode(pex(added=1)), 'bad-extension'))],
    }
    donthave = {
        'cases': [{'name': f'piece {n}', 'payload': u32(n).hex(), 'value': n} for n in (0, 1, 2**31, 2**32 - 1)],
        'receivedOnly': [],
        'malformed': [{'name': f'{n} bytes', 'payload': bytes(n).hex(), 'code': 'bad-extension'} for n in (0, 3, 5)],
    }
    entry = [HASH, 'a file.bin'.encode(), 1024, 65536]
    as_json = {'infoHash': HASH.hex(), 'name': 'a file.bin', 'length': 1024, 'pieceLength': 65536}

    def page(entries, **changes):
        return bencode({b'entries': entries, b'msg_type': 1, b'offset': 0, b'total': 1,
                        **{k.encode(): v for k, v in changes.items()}})

    catalog = {
        'cases': [
            {'name': 'request', 'payload': bencode({b'msg_type': 0, b'offset': 0}).hex(), 'value': {'type': 'request', 'offset': 0}},
            {'name': 'request of the second page', 'payload': bencode({b'msg_type': 0, b'offset': 256}).hex(),
             'value': {'type': 'request', 'offset': 256}},
            {'name': 'nothing shared', 'payload': page([], total=0).hex(), 'value': {'type': 'page', 'offset': 0, 'total': 0, 'entries': []}},
            {'name': 'one entry', 'payload': page([entry]).hex(),
             'value': {'type': 'page', 'offset': 0, 'total': 1, 'entries': [as_json]}},
            {'name': 'a full page', 'payload': page([entry] * 256, offset=256, total=600).hex(),
             'value': {'type': 'page', 'offset': 256, 'total': 600, 'entries': [as_json] * 256}}],
        'receivedOnly': [
            {'name': 'entries and keys with more in them', 'payload': page([entry + [7]], zzz=1).hex(),
             'value': {'type': 'page', 'offset': 0, 'total': 1, 'entries': [as_json]}}],
        'malformed': [{'name': name, 'payload': payload.hex(), 'code': code} for name, payload, code in (
            ('nothing', b'', 'bad-bencode'), ('a list', b'le', 'bad-extension'),
            ('an unknown type', bencode({b'msg_type': 2, b'offset': 0}), 'bad-extension'),
            ('no offset', bencode({b'msg_type': 0}), 'bad-extension'),
            ('a negative offset', bencode({b'msg_type': 0, b'offset': -1}), 'bad-extension'),
            ('no entries', bencode({b'msg_type': 1, b'offset': 0, b'total': 0}), 'bad-extension'),
            ('257 entries', page([entry] * 257), 'bad-extension'),
            ('a hash of 19 bytes', page([[HASH[:19]] + entry[1:]]), 'bad-extension'),
            ('a negative length', page([[HASH, b'x', -1, 1]]), 'bad-extension'),
            ('an entry too short', page([[HASH, b'x', 1]]), 'bad-extension'),
            ('an entry that is no list', page([b'x']), 'bad-extension'))],
    }
    def gossip(**keys):
        names = {'links': b'links', 'msg_type': b'msg_type', 'peers': b'peers', 'peers_f': b'peers.f', 'peers6': b'peers6',
                 'peers6_f': b'peers6.f', 'zzz': b'zzz'}
        whole = {**dict(links=7, msg_type=0, peers=b'', peers_f=b'', peers6=b'', peers6_f=b''), **keys}
        return bencode({names[key]: value for key, value in whole.items() if value is not None})

    gossips = {
        'cases': [
            {'name': 'ask with nothing to tell', 'payload': gossip(links=0).hex(), 'value': {'type': 'ask', 'linkCount': 0, 'peers': []}},
            {'name': 'answer in both families',
             'payload': gossip(msg_type=1, links=40, peers=v4 + v4b, peers_f=b'\x10\x00', peers6=v6, peers6_f=b'\x12').hex(),
             'value': {'type': 'answer', 'linkCount': 40,
                       'peers': [{'address': a4, 'flags': 16}, {'address': a4b, 'flags': 0}, {'address': a6, 'flags': 18}]}},
            {'name': 'fifty peers and the most links', 'payload': gossip(links=65535, peers=v4 * 50, peers_f=b'\x10' * 50).hex(),
             'value': {'type': 'ask', 'linkCount': 65535, 'peers': [{'address': a4, 'flags': 16}] * 50}}],
        'receivedOnly': [
            {'name': 'no peers and an unknown key', 'payload': gossip(peers=None, peers_f=None, peers6=None, peers6_f=None, zzz=1).hex(),
             'value': {'type': 'ask', 'linkCount': 7, 'peers': []}},
            {'name': 'flags that do not match', 'payload': gossip(peers=v4 + v4b, peers_f=b'\x10').hex(),
             'value': {'type': 'ask', 'linkCount': 7, 'peers': [{'address': a4, 'flags': 0}, {'address': a4b, 'flags': 0}]}}],
        'malformed': [{'name': name, 'payload': payload.hex(), 'code': code} for name, payload, code in (
            ('nothing', b'', 'bad-bencode'), ('a list', b'le', 'bad-extension'),
            ('an unknown type', gossip(msg_type=2), 'bad-extension'),
            ('no type', gossip(msg_type=None), 'bad-extension'),
            ('no links', gossip(links=None), 'bad-extension'),
            ('negative links', gossip(links=-1), 'bad-extension'),
            ('65,536 links', gossip(links=65536), 'bad-extension'),
            ('half an address', gossip(peers=v4[:5]), 'bad-extension'),
            ('peers that are an integer', gossip(peers=1), 'bad-extension'),
            ('51 peers', gossip(peers=v4 * 51), 'bad-extension'),
            ('51 peers in both families', gossip(peers=v4 * 26, peers6=v6 * 25), 'bad-extension'),
            ('more than 4 KiB', gossip(zzz=b'x' * 4096), 'bad-bencode'))],
    }
    offer = {
        'cases': [
            {'name': name, 'payload': (u32(n) + u32(ms)).hex(), 'value': {'blockCount': n, 'holdsMs': ms}} for name, n, ms in (
                ('no use for an offer', 0, 0), ('4 blocks', 4, 600), ('the most blocks, and the longest', 65535, 60000))],
        'receivedOnly': [],
        'malformed': [
            *({'name': f'{n} bytes', 'payload': bytes(n).hex(), 'code': 'bad-extension'} for n in (0, 4, 7, 9)),
            *({'name': f'{n:,} blocks', 'payload': (u32(n) + u32(600)).hex(), 'code': 'bad-extension'} for n in (65536, 2**32 - 1)),
            *({'name': f'{n:,} ms', 'payload': (u32(4) + u32(n)).hex(), 'code': 'bad-extension'} for n in (60001, 2**32 - 1))],
    }
    soon = {
        'cases': [{'name': f'piece {n}', 'payload': u32(n).hex(), 'value': n} for n in (0, 1, 2**31, 2**32 - 1)],
        'receivedOnly': [],
        'malformed': [{'name': f'{n} bytes', 'payload': bytes(n).hex(), 'code': 'bad-extension'} for n in (0, 3, 5, 8)],
    }
    write('extensions.json',
          'Payloads of extended messages, after the extension id, in hexadecimal digits; byte fields of values too. `cases`: both '
          'ways. `receivedOnly`: read as this value. `malformed`: refused with `code`.',
          {'extendedHandshake': handshake, 'utMetadata': metadata, 'utPex': pexes, 'ltDontHave': donthave, 'catalog': catalog, 'gossip': gossips,
           'offer': offer, 'soon': soon, 'catalogInfoHash': hashlib.sha1(b'p2p-catalog-v1').hexdigest()})


def addresses():
    def text(text_, host, port, canonical=None):
        return {'text': text_, 'host': host, 'port': port, 'canonical': canonical or text_}

    parse = [text('127.0.0.1:6881', '127.0.0.1', 6881), text('[::1]:80', '::1', 80), text('[::]:1', '::', 1),
             text('peer.example:65535', 'peer.example', 65535), text('LocalHost:1', 'localhost', 1, 'localhost:1'),
             text('[2001:DB8:0:0:0:0:0:1]:6881', '2001:db8::1', 6881, '[2001:db8::1]:6881'),
             text('[2001:db8:0:0:1:0:0:1]:2', '2001:db8::1:0:0:1', 2, '[2001:db8::1:0:0:1]:2'),
             text('[1:2:3:4:5:6:7:8]:9', '1:2:3:4:5:6:7:8', 9), text('[1:0:3:4:5:6:7:8]:9', '1:0:3:4:5:6:7:8', 9),
             text('[1::8]:9', '1::8', 9), text('[fe80::]:9', 'fe80::', 9),
             text('[::ffff:192.0.2.1]:7', '192.0.2.1', 7, '192.0.2.1:7'),
             text('[64:ff9b::192.0.2.33]:7', '64:ff9b::c000:221', 7, '[64:ff9b::c000:221]:7')]
    bad = ['', ':', '127.0.0.1', '127.0.0.1:', ':80', '127.0.0.1:0', '127.0.0.1:65536', '127.0.0.1:-1', '127.0.0.1:8a',
           '127.0.0.1:080808', '256.0.0.1:80', '1.2.3:80', '1.2.3.4.5:80', '01.2.3.4:80', '::1:80', '[::1]', '[::1]80', '[127.0.0.1]:80',
           '[::1:80', '[1:2]:80', '[:::1]:80', '[1::2::3]:80', '[1:2:3:4:5:6:7:8:9]:80', '[1:2:3:4:5:6:7::8:9]:80', '[g::1]:80',
           '[12345::]:80', '[fe80::1%eth0]:80', '[::1.2.3.256]:80', 'a b:80', 'a/b:80', 'http://a:80', 'a..\u202eb:80', '-a:80', 'a\n:80',
           'x' * 300 + ':80']
    compact4 = bytes([127, 0, 0, 1, 0x1a, 0xe1, 255, 255, 255, 255, 255, 255])
    compact6 = bytes(15) + b'\x01\x00\x50' + bytes.fromhex('20010db8') + bytes(11) + b'\x02\xff\xff'
    priority = [
        ('BEP 40, different /16', ('123.213.32.10', 0), ('98.76.54.32', 0), 'ec2d7224'),
        ('BEP 40, same /24', ('123.213.32.10', 0), ('123.213.32.234', 0), '99568189'),
        ('same address', ('127.0.0.1', 6882), ('127.0.0.1', 6881), '67f8fe57'),
    ]

    def crc(data):
        value = 0xffffffff
        for byte in data:
            value ^= byte
            for _ in range(8):
                value = (value >> 1) ^ (0x82f63b78 if value & 1 else 0)
        return value ^ 0xffffffff

    def masked(address, whole):
        return bytes(b if i < whole else b & 0x55 for i, b in enumerate(address))

    a, b, c = (bytes.fromhex(h) for h in ('20010db800010203040506070809aabb', '20010db900010203ffffffffffffffff',
                                          '20010db8000102ff0000000000000000'))
    for name, first, second, whole in (('IPv6, different /48', a, b, 6), ('IPv6, same /56, different /64', a, c, 8)):
        low, high = sorted((masked(first, whole), masked(second, whole)))
        hosts = [':'.join(h.hex()[i:i + 4] for i in range(0, 32, 4)) for h in (first, second)]
        priority.append((name, (hosts[0], 1), (hosts[1], 2), '%08x' % crc(low + high)))
    low, high = sorted((masked(bytes([10, 1, 0x34, 0x56]), 3), masked(bytes([10, 1, 0xf4, 0xff]), 3)))
    priority.append(('IPv4, same /16', ('10.1.52.86', 1), ('10.1.244.255', 2), '%08x' % crc(low + high)))
    fast = [1059, 431, 808, 1217, 287, 376, 1188, 353, 508, 1246]
    write('addresses.json',
          '`parse`: text to host and port, and back to `canonical`. `malformed`: refused with `bad-address`. `compact`: lists in '
          'BEP 23 and BEP 7 form. `canonicalPriority`: BEP 40, in hexadecimal digits. `allowedFast`: BEP 6.',
          {'parse': parse, 'malformed': bad,
           'compact': {'ipv4': compact4.hex(), 'ipv6': compact6.hex(),
                       'addresses4': [{'host': '127.0.0.1', 'port': 6881}, {'host': '255.255.255.255', 'port': 65535}],
                       'addresses6': [{'host': '::1', 'port': 80}, {'host': '2001:db8::2', 'port': 65535}]},
           'canonicalPriority': [{'name': n, 'a': {'host': a_[0], 'port': a_[1]}, 'b': {'host': b_[0], 'port': b_[1]}, 'priority': p}
                                 for n, a_, b_, p in priority],
           'allowedFast': [{'infoHash': 'aa' * 20, 'host': '80.4.4.200', 'pieceCount': 1313, 'count': k, 'pieces': fast[:k]}
                           for k in (0, 7, 9, 10)] +
                          [{'infoHash': 'aa' * 20, 'host': h, 'pieceCount': 1313, 'count': 7, 'pieces': []} for h in ('::1', 'localhost')]})


def digests():
    texts = [b'', b'abc', b'123456789', b'The quick brown fox jumps over the lazy dog', bytes(range(256))]
    texts += [b'a' * n for n in (55, 56, 63, 64, 65, 119, 120, 128, 1000)]

    def crc(data):
        value = 0xffffffff
        for byte in data:
            value ^= byte
            for _ in range(8):
                value = (value >> 1) ^ (0x82f63b78 if value & 1 else 0)
        return value ^ 0xffffffff

    assert crc(b'123456789') == 0xe3069283
    write('digests.json', 'SHA-1 (RFC 3174) and CRC-32C (RFC 3720) of bytes in hexadecimal digits.',
          {'cases': [{'bytes': t.hex(), 'sha1': hashlib.sha1(t).hexdigest(), 'crc32c': '%08x' % crc(t)} for t in texts]})


def bitfields():
    def case(size, indices):
        bits = bytearray((size + 7) // 8)
        for index in indices:
            bits[index // 8] |= 0x80 >> (index % 8)
        return {'size': size, 'bytes': bytes(bits).hex(), 'indices': indices}

    bad = [('too short', 9, 'ff'), ('too long', 8, 'ff00'), ('a spare bit', 9, 'ffc0'), ('the last spare bit', 1, '01'),
           ('bytes for nothing', 0, '00'), ('nothing for a piece', 1, '')]
    write('bitfield.json',
          'Most significant bit first. `malformed`: refused with `bad-bitfield`.',
          {'cases': [case(0, []), case(1, []), case(1, [0]), case(8, [0, 7]), case(9, [8]), case(10, list(range(10))),
                     case(100, [0, 1, 31, 32, 33, 63, 64, 99])],
           'malformed': [{'name': n, 'size': s, 'bytes': b} for n, s, b in bad]})


if __name__ == '__main__':
    OUT.mkdir(exist_ok=True)
    for make in (messages, malformed, handshakes, bencodings, metainfos, magnets, extensions, addresses, digests, bitfields):
        make()
