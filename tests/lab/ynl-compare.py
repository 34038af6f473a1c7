#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare a YNL spec with the hand-written uapi header that it describes.

Every enum, structure and limit of the header must be in the spec with the
same names and values, and the other way round; all must be documented.
"""

import re
import sys

import yaml


def c_upper(name):
    """The C constant that a name of the spec stands for."""
    return name.upper().replace('-', '_')


def c_lower(name):
    """The C type that a name of the spec stands for."""
    return name.lower().replace('-', '_')


def read_enums(text):
    """Names of enums -> {constant: value}; what is marked private is left out."""
    enums = {}
    for name, body in re.findall(r'^enum (\w+) \{(.*?)^\};', text, re.M | re.S):
        body = body.split('/* private: */')[0]
        value = -1
        enums[name] = {}
        for entry in re.findall(r'^\t(\w+)(?:\s*=\s*([^,\n]+))?,', body, re.M):
            if entry[1]:
                shift = re.fullmatch(r'1 << (\d+)', entry[1])
                value = 1 << int(shift[1]) if shift else int(entry[1], 0)
            else:
                value += 1
            enums[name][entry[0]] = value
    return enums


def read_structs(text):
    """Names of structures -> [(type, member)]."""
    return {name: re.findall(r'^\t__(\w+) (\w+);', body, re.M)
            for name, body in re.findall(r'^struct (\w+) \{(.*?)^\};', text, re.M | re.S)}


def read_limits(text):
    """The numbers that are defined."""
    return {name: int(value)
            for name, value in re.findall(r'^#define (VMS_\w+)\s+(\d+)$', text, re.M)}


def read_names(text):
    """The names, and the version, that are defined."""
    return dict(re.findall(r'^#define (VMSWITCH_\w+)\s+"?([\w.]+)"?$', text, re.M))


def spec_enums(spec):
    """As read_enums(), from the spec."""
    enums = {}
    for item in spec['definitions']:
        if item['type'] in ('enum', 'flags'):
            enums[c_lower(item['enum-name'])] = {
                c_upper(item['name-prefix'] + entry['name']):
                    1 << i if item['type'] == 'flags' else i
                for i, entry in enumerate(item['entries'])}
    for item in spec['attribute-sets']:
        enums[c_lower(item['enum-name'])] = {
            c_upper(item['name-prefix'] + attr['name']): i
            for i, attr in enumerate(item['attributes'])}
    ops = spec['operations']
    names = ['unspec'] + [op['name'] for op in ops['list']]
    enums[c_lower(ops['enum-name'])] = {
        c_upper(ops['name-prefix'] + name): i for i, name in enumerate(names)}
    return enums


def spec_structs(spec):
    """As read_structs(), from the spec."""
    return {c_lower(item['name']): [(member['type'], member['name'])
                                    for member in item['members']]
            for item in spec['definitions'] if item['type'] == 'struct'}


def spec_limits(spec):
    """As read_limits(), from the spec."""
    return {c_upper(item['name']): item['value']
            for item in spec['definitions'] if item['type'] == 'const'}


def spec_names(spec):
    """As read_names(), from the spec."""
    return {
        'VMSWITCH_GENL_NAME': spec['name'],
        'VMSWITCH_GENL_VERSION': str(spec.get('version', 1)),
        'VMSWITCH_MCGRP_EVENTS': spec['mcast-groups']['list'][0]['name'],
    }


def compare(what, header, spec):
    """Tell how two dictionaries differ; returns in how many places."""
    wrong = 0
    for name in sorted(header.keys() | spec.keys()):
        here, there = header.get(name), spec.get(name)
        if isinstance(here, dict) and isinstance(there, dict):
            wrong += compare(f'{what} {name}:', here, there)
        elif here != there:
            print(f'{what} {name}: {here} in the header, {there} in the spec')
            wrong += 1
    return wrong


def undocumented(node, path=''):
    """Tell what has no description; returns how much."""
    wrong = 0
    for kind in ('definitions', 'entries', 'members', 'attribute-sets', 'attributes', 'list'):
        for item in node.get(kind, []):
            name = f'{path}{item["name"]}'
            if not item.get('doc', '').strip():
                print(f'{name} is not documented')
                wrong += 1
            wrong += undocumented(item, f'{name}/')
    return wrong


def main():
    """Compare the two files named on the command line."""
    if len(sys.argv) != 3:
        sys.exit(f'usage: {sys.argv[0]} SPEC HEADER')
    with open(sys.argv[1], encoding='utf-8') as file:
        spec = yaml.safe_load(file)
    with open(sys.argv[2], encoding='utf-8') as file:
        text = file.read()
    names = spec_names(spec)
    wrong = compare('enum', read_enums(text), spec_enums(spec))
    wrong += compare('struct', read_structs(text), spec_structs(spec))
    wrong += compare('limit', read_limits(text), spec_limits(spec))
    wrong += compare('name', {k: v for k, v in read_names(text).items() if k in names}, names)
    wrong += undocumented(spec) + undocumented(spec['operations'])
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
